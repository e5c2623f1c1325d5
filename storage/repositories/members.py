"""Members."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Conflict
from bot.domain.ids import MemberId
from bot.domain.members import Identity, Member
from bot.usecases.ports import Members
from storage.mapping.members import member_of, member_row
from storage.repositories.among import among
from storage.repositories.tenant import Tenant, here
from storage.tables import identities, members

_ALL: Final = select(members).where(here(members))
_BY_IDENTITY: Final = _ALL.where(
    members.c.platform == bindparam("platform"), members.c.user == bindparam("user")
)
_JOINED: Final = (
    select(members)
    .join(
        identities,
        and_(
            identities.c.workspace == members.c.workspace,
            identities.c.member == members.c.id,
        ),
    )
    .where(
        here(members),
        identities.c.platform == bindparam("platform"),
        identities.c.user == bindparam("user"),
    )
)
_USERS: Final = select(members.c.id, members.c.user).where(
    here(members), members.c.platform == bindparam("platform"), among(members.c.id, "ids")
)
_JOINED_USERS: Final = select(identities.c.member, identities.c.user).where(
    here(identities),
    identities.c.platform == bindparam("platform"),
    among(identities.c.member, "ids"),
)
_JOIN: Final = insert(identities)
_JOINED_TO: Final = (
    select(identities.c.platform, identities.c.user)
    .where(here(identities), identities.c.member == bindparam("member"))
    .order_by(identities.c.platform, identities.c.user)
)
_PART: Final = delete(identities).where(
    here(identities),
    identities.c.member == bindparam("of_member"),
    identities.c.platform == bindparam("of_platform"),
)
_BY_IDS: Final = _ALL.where(among(members.c.id, "ids"))
_INSERT: Final = insert(members)
_SAVE: Final = _INSERT.on_conflict_do_update(
    index_elements=[members.c.workspace, members.c.id],
    set_={
        name: _INSERT.excluded[name]
        for name in members.c.keys()  # noqa: SIM118 - a collection of columns is no dict
        if name not in {"workspace", "id"}
    },
)


class StoredMembers(Members):
    """The members of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        # Who this unit has asked for: it is not asked again.
        self._known: dict[MemberId, Member | None] = {}

    def by_identity(self, identity: Identity) -> Member | None:
        """Return who that is here, on whichever platform, or None."""
        who = {"platform": identity.platform, "user": identity.user}
        row = self._tenant.row(_BY_IDENTITY, **who) or self._tenant.row(_JOINED, **who)
        if row is None:
            return None
        member = self._known[row.id] = member_of(row)
        return member

    def users(self, platform: str, ids: Iterable[MemberId]) -> dict[MemberId, str]:
        """Return who those members are on the platform; who is nobody there is left out."""
        asked = {"platform": platform, "ids": list(ids)}
        found = {row.id: row.user for row in self._tenant.rows(_USERS, **asked)}
        if len(found) < len(asked["ids"]):
            joined = self._tenant.rows(_JOINED_USERS, **asked)
            found = {row.member: row.user for row in joined} | found
        return found

    def join(self, member: MemberId, identity: Identity) -> None:
        """Let that person be the member, too; ``Conflict`` when they are a member already."""
        if self.by_identity(identity) is not None:
            raise Conflict
        row = {"platform": identity.platform, "user": identity.user, "member": member}
        try:
            self._tenant.add(_JOIN, [row])
        except IntegrityError as error:
            raise Conflict from error

    def joined(self, member: MemberId) -> list[Identity]:
        """Return who the member is beside their own identity, in order."""
        rows = self._tenant.rows(_JOINED_TO, member=member)
        return [Identity(platform=row.platform, user=row.user) for row in rows]

    def part(self, member: MemberId, platform: str) -> bool:
        """Let nobody of that platform be the member by having joined; False: nobody was."""
        facts = {"of_member": member, "of_platform": platform}
        return self._tenant.change(_PART, facts) > 0

    def get(self, ids: Iterable[MemberId]) -> dict[MemberId, Member]:
        """Return the members of those ids, in that order; unknown ids are left out. One query."""
        wanted = list(dict.fromkeys(ids))
        found = self._known
        if missing := [one for one in wanted if one not in found]:
            found = {**found, **self._found(missing)}
        return {one: member for one in wanted if (member := found[one]) is not None}

    def read_ahead(self, ids: Sequence[MemberId]) -> None:
        """Ask now, and not again, who those are."""
        self._known.update(self._found(ids))

    def _found(self, ids: Sequence[MemberId]) -> dict[MemberId, Member | None]:
        """Return who those are, None for unknown ids."""
        found: dict[MemberId, Member | None] = dict.fromkeys(ids)
        rows = self._tenant.rows(_BY_IDS, ids=ids)
        found.update((row.id, member_of(row)) for row in rows)
        return found

    def all(self) -> list[Member]:
        """Return every member, by name."""
        # Sorted here: the databases do not agree on the order of letters.
        everybody = [member_of(row) for row in self._tenant.rows(_ALL)]
        return sorted(everybody, key=lambda one: (one.name.casefold(), one.id))

    def save(self, member: Member) -> None:
        """Insert or replace the member.

        Raises ``errors.Conflict`` when the person has just become another member: two first
        contacts at once. The unit, run again, finds that one.
        """
        self._tenant.expect_own(member.workspace)
        self._known.pop(member.id, None)
        try:
            self._tenant.add(_SAVE, [member_row(member)])
        except IntegrityError as error:
            raise Conflict from error
