"""Files that members added to plans."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, insert, select

from bot.domain.ids import PlanId
from bot.usecases.ports import Files
from storage.repositories.tenant import Tenant, here
from storage.tables import files

_GET: Final = select(files.c.name, files.c.content).where(
    here(files), files.c.plan == bindparam("plan"), files.c.id == bindparam("file")
)
_ABOUT: Final = select(files.c.id, files.c.name, func.length(files.c.content).label("size")).where(
    here(files), files.c.plan == bindparam("plan")
)
_PUT: Final = insert(files)


class StoredFiles(Files):
    """The files of the tenant's plans."""

    def __init__(self, tenant: Tenant, now: datetime) -> None:
        self._tenant = tenant
        self._now = now

    def put(self, plan: PlanId, file: str, name: str, content: bytes) -> None:
        """Store a new file under that id."""
        row = {"plan": plan, "id": file, "name": name, "content": content, "at": self._now}
        self._tenant.add(_PUT, [row])

    def get(self, plan: PlanId, file: str) -> tuple[str, bytes] | None:
        """Return name and content, or None."""
        row = self._tenant.row(_GET, plan=plan, file=file)
        return None if row is None else (row.name, bytes(row.content))

    def about(self, plan: PlanId) -> dict[str, tuple[str, int]]:
        """Return name and size in bytes of every file of the plan, by id; loads none of them."""
        return {row.id: (row.name, row.size) for row in self._tenant.rows(_ABOUT, plan=plan)}
