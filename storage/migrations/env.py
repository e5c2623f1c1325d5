"""Alembic's entry: run by ``storage.migrate``, which opens the connection and the transaction."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=True,  # SQLite changes a table by copying it
    user_module_prefix="storage.types.",
)
with context.begin_transaction():
    context.run_migrations()
