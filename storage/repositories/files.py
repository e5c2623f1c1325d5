"""Files that members added to plans."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select

from bot.domain.ids import Ids, PlanId
from bot.usecases.ports import Files
from storage.repositories.tenant import Tenant, here
from storage.tables import files

_GET: Final = select(files.c.name, files.c.content).where(
    here(files), files.c.plan == bindparam("plan"), files.c.id == bindparam("file")
)
_PUT: Final = insert(files)


class StoredFiles(Files):
    """The files of the tenant's plans."""

    def __init__(self, tenant: Tenant, ids: Ids, now: datetime) -> None:
        self._tenant = tenant
        self._ids = ids
        self._now = now

    def put(self, plan: PlanId, name: str, content: bytes) -> str:
        """Store a file and return its id."""
        file = self._ids.new()
        row = {"plan": plan, "id": file, "name": name, "content": content, "at": self._now}
        self._tenant.add(_PUT, [row])
        return file

    def get(self, plan: PlanId, file: str) -> tuple[str, bytes] | None:
        """Return name and content, or None."""
        row = self._tenant.row(_GET, plan=plan, file=file)
        return None if row is None else (row.name, bytes(row.content))
