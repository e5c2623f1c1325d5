"""Plans: loaded whole, saved by compare-and-set on the revision."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Conflict
from bot.domain.ids import MemberId, PartnershipId, PlanId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.template import Template
from bot.usecases.ports import Plans
from storage.mapping.places import message_of, place_of, place_row
from storage.mapping.plans import partner_rows, plan_of, plan_row
from storage.mapping.templates import hash_of, template_body, template_of
from storage.repositories.among import among, one_of
from storage.repositories.recent import Decoded
from storage.repositories.tenant import Tenant, here
from storage.tables import plan_links, plan_partners, plan_templates, plan_threads, plans

_ALL: Final = select(plans).where(here(plans))
_BY_ID: Final = _ALL.where(plans.c.id == bindparam("plan"))
_BY_ID_LOCKED: Final = _BY_ID.with_for_update()
_IN_ORDER: Final = _ALL.order_by(plans.c.started_at, plans.c.id)
_OF_PARTNERSHIP: Final = _IN_ORDER.where(plans.c.partnership == bindparam("partnership"))
_EVER_OF_MEMBER: Final = _IN_ORDER.where(
    plans.c.id.in_(
        select(plan_partners.c.plan).where(
            here(plan_partners),
            plan_partners.c.member == bindparam("member"),
            plan_partners.c.active,
        )
    ),
)
_PLANS_OF: Final = select(plan_partners.c.member, plan_partners.c.plan).where(
    here(plan_partners), among(plan_partners.c.member, "members"), plan_partners.c.active
)
_IS_LIVING: Final = one_of(plans.c.state, (PlanState.ACTIVE.value, PlanState.FINISHED.value))
_OF_MEMBER: Final = _EVER_OF_MEMBER.where(_IS_LIVING)
_LIVING_BY_IDS: Final = _IN_ORDER.where(among(plans.c.id, "ids"), _IS_LIVING)
_ADD: Final = insert(plans)
_SAVE: Final = update(plans).where(
    here(plans),
    plans.c.id == bindparam("of_plan"),
    plans.c.revision == bindparam("of_revision"),
)

_FORGET_PARTNERS: Final = delete(plan_partners).where(
    here(plan_partners), plan_partners.c.plan == bindparam("of_plan")
)
_ADD_PARTNERS: Final = insert(plan_partners)

_TEMPLATES: Final = select(plan_templates.c.hash, plan_templates.c.body).where(
    here(plan_templates), among(plan_templates.c.hash, "names")
)
_ADD_TEMPLATE: Final = insert(plan_templates).on_conflict_do_nothing()

_CARD: Final = select(plan_threads).where(
    here(plan_threads), plan_threads.c.plan == bindparam("plan")
)
_AT: Final = (
    select(plan_threads.c.plan)
    .where(
        here(plan_threads),
        plan_threads.c.platform == bindparam("platform"),
        plan_threads.c.channel == bindparam("channel"),
        plan_threads.c.thread == bindparam("thread"),
    )
    .order_by(plan_threads.c.plan.desc())
    .limit(1)
)
_BELOW: Final = (
    select(plan_threads.c.plan)
    .where(
        here(plan_threads),
        plan_threads.c.platform == bindparam("platform"),
        plan_threads.c.channel == bindparam("channel"),
        plan_threads.c.thread == "",
        plan_threads.c.message == bindparam("thread"),
    )
    .order_by(plan_threads.c.plan.desc())
    .limit(1)
)
_LINK_AT: Final = (
    select(plan_links.c.plan)
    .where(
        here(plan_links),
        plan_links.c.platform == bindparam("platform"),
        plan_links.c.channel == bindparam("channel"),
        plan_links.c.thread == bindparam("thread"),
    )
    .order_by(plan_links.c.plan.desc())
    .limit(1)
)
_LINKED: Final = select(plan_links).where(
    here(plan_links),
    plan_links.c.plan == bindparam("plan"),
    plan_links.c.platform == bindparam("platform"),
)
_INSERT_LINK: Final = insert(plan_links)
_SET_LINK: Final = _INSERT_LINK.on_conflict_do_update(
    index_elements=[plan_links.c.workspace, plan_links.c.plan, plan_links.c.platform],
    set_={name: _INSERT_LINK.excluded[name] for name in ("kind", "channel", "thread", "message")},
)
_UNLINK: Final = delete(plan_links).where(
    here(plan_links),
    plan_links.c.plan == bindparam("of_plan"),
    plan_links.c.platform == bindparam("of_platform"),
)
_FORGET_CARD: Final = delete(plan_threads).where(
    here(plan_threads), plan_threads.c.plan == bindparam("of_plan")
)
_INSERT_CARD: Final = insert(plan_threads)
_SET_CARD: Final = _INSERT_CARD.on_conflict_do_update(
    index_elements=[plan_threads.c.workspace, plan_threads.c.plan],
    set_={
        name: _INSERT_CARD.excluded[name]
        for name in ("platform", "kind", "channel", "thread", "message")
    },
)


class StoredPlans(Plans):
    """The plans of the tenant, as one unit of work sees them."""

    def __init__(self, tenant: Tenant, decoded: Decoded) -> None:
        self._tenant = tenant
        self._decoded = decoded
        # What this unit loaded or stored, and its snapshot's hash: to see what a save changes.
        self._seen: dict[PlanId, tuple[Plan, str]] = {}
        self._ahead: dict[MemberId, list[Plan]] = {}

    def get(self, plan: PlanId) -> Plan | None:
        """Return the plan, locked for this transaction where the database has row locks."""
        query = _BY_ID_LOCKED if self._tenant.may_lock() else _BY_ID
        row = self._tenant.row(query, plan=plan)
        return None if row is None else self._plans([row])[0]

    def add(self, plan: Plan) -> None:
        """Insert a new plan (its revision and template snapshot with it)."""
        self._tenant.expect_own(plan.workspace)
        self._ahead.clear()
        name = self._keep_template(plan.template)
        self._tenant.add(_ADD, [plan_row(plan, name)])
        self._tenant.add(_ADD_PARTNERS, partner_rows(plan))
        self._seen[plan.id] = plan, name

    def save(self, plan: Plan, *, logged: int = 0) -> Plan:
        """Store the plan if its revision still stands, and return it as it is stored.

        That is with the next revision, and with ``logged`` entries more in its log. Raises
        ``errors.Conflict`` when another save came first.
        """
        self._tenant.expect_own(plan.workspace)
        self._ahead.clear()
        seen, name = self._seen.get(plan.id, (None, ""))
        if seen is None or seen.template is not plan.template:
            name = self._keep_template(plan.template)
        # If the revision stands, what was seen at that revision is what the rows say.
        stored = seen if seen is not None and seen.revision == plan.revision else None
        saved = replace(plan, revision=plan.revision + 1, entries=plan.entries + logged)
        row = plan_row(saved, name)
        whole = plan.workspace, *row.values()
        # What stays as it is stays out of SET: SQLite would look for it in the tables that point
        # to the plan, or that it points to, and write its index anew.
        key = {"of_plan": row.pop("id"), "of_revision": plan.revision}
        if stored is not None and _points_alike(stored, plan):
            del row["partnership"], row["template"]
        if self._tenant.change(_SAVE, {**row, **key}) != 1:
            raise Conflict
        if stored is None or stored.partners != plan.partners:
            self._tenant.change(_FORGET_PARTNERS, {"of_plan": plan.id})
            self._tenant.add(_ADD_PARTNERS, partner_rows(plan))
        self._seen[plan.id] = saved, name
        self._decoded.hold_plan(whole, saved)
        return saved

    def of_member(self, member: MemberId, *, archived: bool = False) -> list[Plan]:
        """Return the plans the member is now a partner of, oldest first.

        Those that are active or finished; with ``archived`` also those that are archived.
        """
        if not archived and member in self._ahead:
            return list(self._ahead[member])
        query = _EVER_OF_MEMBER if archived else _OF_MEMBER
        return self._plans(self._tenant.rows(query, member=member))

    def read_ahead(self, members: Sequence[MemberId]) -> None:
        """Ask now, and not again, for the plans of each of the members that are not archived."""
        partners: defaultdict[PlanId, set[MemberId]] = defaultdict(set)
        for row in self._tenant.rows(_PLANS_OF, members=members):
            partners[row.plan].add(row.member)
        ids = sorted(partners)
        living = self._plans(self._tenant.rows(_LIVING_BY_IDS, ids=ids)) if ids else []
        self._ahead.update((member, []) for member in members)
        for one in living:
            for member in partners[one.id]:
                self._ahead[member].append(one)

    def of_partnership(self, partnership: PartnershipId) -> list[Plan]:
        """Return the partnership's plans of any state, oldest first."""
        return self._plans(self._tenant.rows(_OF_PARTNERSHIP, partnership=partnership))

    def at(self, place: Place) -> PlanId | None:
        """Return the plan whose thread ``place`` is (the newest, should there be two), or None.

        That of somebody alone has none; what is answered to its card stands in one.
        """
        if not place.thread:
            return None
        where = {"platform": place.platform, "channel": place.channel, "thread": place.thread}
        row = self._tenant.row(_AT, **where) or self._tenant.row(_LINK_AT, **where)
        if row is None and place.kind is PlaceKind.DIRECT:  # a thread goes by the card above it
            row = self._tenant.row(_BELOW, **where)
        return None if row is None else PlanId(row.plan)

    def card(self, plan: PlanId, on: str = "") -> MessageRef | None:
        """Return where the plan's card stands, or None while it has no thread.

        ``on``: on the platform of that name, beside its home.
        """
        if on:
            row = self._tenant.row(_LINKED, plan=plan, platform=on)
            return message_of(row) if row is not None and row.message else None
        row = self._tenant.row(_CARD, plan=plan)
        return None if row is None else message_of(row)

    def set_card(self, plan: PlanId, card: MessageRef, on: str = "") -> None:
        """Remember where the plan's card stands; ``on`` as in ``card``."""
        row = {"plan": plan, **place_row(card.place), "message": card.message}
        self._tenant.add(_SET_LINK if on else _SET_CARD, [row])

    def forget_card(self, plan: PlanId) -> None:
        """Forget where the plan's card stands: it gets another one."""
        self._tenant.change(_FORGET_CARD, {"of_plan": plan})

    def place_on(self, plan: PlanId, platform: str) -> Place | None:
        """Return where on that platform the plan stands, or is to stand, beside its home."""
        row = self._tenant.row(_LINKED, plan=plan, platform=platform)
        return None if row is None else place_of(row)

    def link(self, plan: PlanId, place: Place) -> None:
        """Let the plan stand in that place, too, in a thread that is still to be opened."""
        self._tenant.add(_SET_LINK, [{"plan": plan, **place_row(place), "message": ""}])

    def unlink(self, plan: PlanId, platform: str) -> None:
        """Forget where on that platform the plan stands beside its home."""
        self._tenant.change(_UNLINK, {"of_plan": plan, "of_platform": platform})

    def _plans(self, rows: Sequence[Row[Any]]) -> list[Plan]:
        """Return the plans of rows, and remember them as what this unit has seen."""
        wholes = [tuple(row) for row in rows]
        held = [self._decoded.plan(whole) for whole in wholes]
        new = {row.template for row, plan in zip(rows, held, strict=True) if plan is None}
        templates = self._templates(new) if new else {}
        loaded = []
        for row, whole, known in zip(rows, wholes, held, strict=True):
            plan = known
            if plan is None:
                plan = plan_of(row, templates[row.template])
                self._decoded.hold_plan(whole, plan)
            self._seen[plan.id] = plan, row.template
            loaded.append(plan)
        return loaded

    def _templates(self, names: set[str]) -> dict[str, Template]:
        """Return the snapshots of those hashes, decoding only those that are not held."""
        held = {name: self._decoded.templates.get(name) for name in names}
        known = {name: template for name, template in held.items() if template is not None}
        missing = [name for name in names if name not in known]
        if missing:
            for row in self._tenant.rows(_TEMPLATES, names=missing):
                known[row.hash] = template_of(row.body)
                self._decoded.templates.hold(row.hash, known[row.hash])
        return known

    def _keep_template(self, template: Template) -> str:
        """Store the snapshot if it is new, and return its hash."""
        body = template_body(template)
        name = hash_of(body)
        self._tenant.add(_ADD_TEMPLATE, [{"hash": name, "body": body}])
        return name


def _points_alike(one: Plan, other: Plan) -> bool:
    """Tell whether both belong to one partnership and began with the very same snapshot."""
    return one.partnership == other.partnership and one.template is other.template
