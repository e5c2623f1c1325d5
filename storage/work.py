"""The unit of work: every repository of one workspace, on one transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.clock import Clock
from bot.domain.ids import Ids, MemberId, WorkspaceId
from bot.usecases.ports import Work
from storage.repositories.absences import StoredAbsent
from storage.repositories.codes import StoredLinkCodes
from storage.repositories.drafts import StoredDrafts
from storage.repositories.everywhere import StoredEverywhere
from storage.repositories.feeds import StoredFeeds
from storage.repositories.files import StoredFiles
from storage.repositories.inbox import StoredInbox
from storage.repositories.installations import StoredInstallations
from storage.repositories.log import StoredLog
from storage.repositories.members import StoredMembers
from storage.repositories.outbox import StoredOutbox
from storage.repositories.partnerships import StoredPartnerships
from storage.repositories.plans import StoredPlans
from storage.repositories.recent import Decoded
from storage.repositories.recurring import StoredRecurring
from storage.repositories.reminders import StoredReminders
from storage.repositories.snoozes import StoredSnoozes
from storage.repositories.templates import StoredTemplates
from storage.repositories.tenant import Tenant
from storage.repositories.times import StoredTimes
from storage.repositories.undelivered import StoredUndelivered
from storage.repositories.upkeep import StoredUpkeep
from storage.statements import Statements


class StorageWork(Work):
    """One unit of work; ``now`` stands still in it.

    All repositories are made at once: that costs less than two properties would.
    """

    def __init__(
        self,
        connection: Connection,
        workspace: WorkspaceId,
        *,
        now: datetime,
        ids: Ids,
        decoded: Decoded,
        statements: Statements,
    ) -> None:
        tenant = Tenant(connection, workspace, statements)
        self.workspace = workspace
        self.now = now
        self.ids = ids
        self.members = StoredMembers(tenant)
        self.plans = StoredPlans(tenant, decoded)
        self.log = StoredLog(tenant)
        self.partnerships = StoredPartnerships(tenant)
        self.times = StoredTimes(tenant, decoded)
        self.templates = StoredTemplates(tenant)
        self.drafts = StoredDrafts(tenant, now)
        self.feeds = StoredFeeds(tenant)
        self.files = StoredFiles(tenant, now)
        self.recurring = StoredRecurring(tenant)
        self.reminders = StoredReminders(tenant, ids)
        self.absent = StoredAbsent(tenant)
        self.snoozes = StoredSnoozes(tenant)
        self.outbox = StoredOutbox(tenant)
        self.undelivered = StoredUndelivered(tenant)
        self.inbox = StoredInbox(tenant, now)
        self.upkeep = StoredUpkeep(tenant, now)
        self.installations = StoredInstallations(tenant)
        self.codes = StoredLinkCodes(tenant)
        self.everywhere = StoredEverywhere(connection, tenant.transaction)

    def read_ahead(self, members: Iterable[MemberId]) -> None:
        """Read at once what this unit is going to ask about each of the members."""
        wanted = list(dict.fromkeys(members))
        if wanted:
            asked = (self.members, self.plans, self.times, self.reminders)
            for room in (*asked, self.absent, self.snoozes):
                room.read_ahead(wanted)


def make_work(clock: Clock, ids: Ids) -> Callable[[Connection, WorkspaceId], StorageWork]:
    """Return what makes a unit of work of an open transaction and a workspace.

    They are for one database, and share what was decoded lately, statements, and nothing else.
    """
    decoded = Decoded()
    statements: Statements = {}

    def make(connection: Connection, workspace: WorkspaceId) -> StorageWork:
        return StorageWork(
            connection,
            workspace,
            now=clock.now(),
            ids=ids,
            decoded=decoded,
            statements=statements,
        )

    return make
