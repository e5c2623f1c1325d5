"""Where Coplan is installed. The secrets are sealed before they come here."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import WorkspaceId
from bot.usecases.installations import Installation, Installations
from storage.repositories.tenant import Tenant, here
from storage.tables import installations, org_workspaces

_READ: Final = select(installations).where(here(installations))
_INSERT: Final = insert(installations)
_NEW: Final = _INSERT.excluded
_SAVE: Final = _INSERT.on_conflict_do_update(
    index_elements=[installations.c.workspace],
    set_={"secret": _NEW.secret, "facts": _NEW.facts, "at": _NEW["at"]},
    where=installations.c["at"] <= _NEW["at"],
)
_DROP: Final = delete(installations).where(
    here(installations),
    installations.c["at"] <= bindparam("before", type_=installations.c["at"].type),
)
_RESEAL: Final = (
    update(installations)
    .where(here(installations), installations.c.secret == bindparam("old"))
    .values(secret=bindparam("new"))
)
_ORGANISATION: Final = select(org_workspaces.c.organisation).where(here(org_workspaces))
_REACH: Final = insert(org_workspaces)
_REACHED: Final = _REACH.on_conflict_do_update(
    index_elements=[org_workspaces.c.workspace],
    set_={"organisation": _REACH.excluded.organisation},
)
_UNREACHED: Final = delete(org_workspaces).where(here(org_workspaces))


class StoredInstallations(Installations):
    """The installation of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def get(self) -> Installation | None:
        """Return it, or None."""
        row = self._tenant.row(_READ)
        return row and Installation(secret=row.secret, facts=row.facts, at=row.at)

    def save(self, installation: Installation) -> bool:
        """Keep it in the place of an older one; False when the one there is newer."""
        facts = {
            "secret": installation.secret,
            "facts": installation.facts,
            "at": installation.at,
        }
        return self._tenant.add_new(_SAVE, [facts]) == 1

    def drop(self, before: datetime) -> bool:
        """Forget it; False when there is none, or it was installed after ``before`` (UTC)."""
        return self._tenant.change(_DROP, {"before": before}) == 1

    def reseal(self, old: str, new: str) -> bool:
        """Put the secret that was sealed anew in the old one's place; False: it changed since."""
        return self._tenant.change(_RESEAL, {"old": old, "new": new}) == 1

    def organisation(self) -> WorkspaceId | None:
        """Return the organisation whose installation reaches into the workspace, or None."""
        row = self._tenant.row(_ORGANISATION)
        return row and WorkspaceId(row.organisation)

    def reached(self, organisation: WorkspaceId | None) -> None:
        """Remember that organisation; None: no organisation's installation reaches here."""
        if organisation is None:
            self._tenant.change(_UNREACHED, {})
        else:
            self._tenant.add(_REACHED, [{"organisation": organisation}])
