"""The workspace's own templates."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.planning.template import Template
from bot.usecases.ports import Templates
from storage.mapping.templates import template_body, template_of
from storage.repositories.tenant import Tenant, here
from storage.tables import own_templates

_ALL: Final = (
    select(own_templates.c.key, own_templates.c.body)
    .where(here(own_templates))
    .order_by(own_templates.c.key)
)
_INSERT: Final = insert(own_templates)
_SAVE: Final = _INSERT.on_conflict_do_update(
    index_elements=[own_templates.c.workspace, own_templates.c.key],
    set_={"body": _INSERT.excluded.body},
)


class StoredTemplates(Templates):
    """The templates that members of the tenant uploaded."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def own(self) -> dict[str, Template]:
        """Return them by key."""
        return {row.key: template_of(row.body) for row in self._tenant.rows(_ALL)}

    def save(self, template: Template) -> None:
        """Insert or replace one; running plans keep their snapshots."""
        self._tenant.add(_SAVE, [{"key": template.key, "body": template_body(template)}])
