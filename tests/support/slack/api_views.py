"""views.*: modals, their stack, and the Home tab."""

from typing import Any, Final

from tests.support.slack.api_chat import checked
from tests.support.slack.methods import Call, Refused, method
from tests.support.slack.validation import too_large, view_problems
from tests.support.slack.world import Json, Team, View, World

DEPTH: Final = 3
MODAL: Final = frozenset({"modal"})
HOME: Final = frozenset({"home"})


@method("views.open", "view", tier=4)
def views_open(call: Call) -> Json:
    """Open a modal for whoever's trigger it is."""
    user = _exchange(call)
    content = checked_view(call, call.args["view"], MODAL)
    number = call.world.id("V0")
    view = _view(call, content, user, number, root=number)
    call.team.modals[user] = [view]
    return {"view": shown_view(call.world, call.team, view)}


@method("views.push", "view", tier=4)
def views_push(call: Call) -> Json:
    """Put a modal on top of the one that is open."""
    user = _exchange(call)
    content = checked_view(call, call.args["view"], MODAL)
    view = push(call, user, content)
    return {"view": shown_view(call.world, call.team, view)}


@method("views.update", "view", tier=4)
def views_update(call: Call) -> Json:
    """Replace an open view."""
    content = checked_view(call, call.args["view"], MODAL | HOME)
    view = _standing(call)
    if call.args.get("hash") and call.args["hash"] != view.hash:
        raise Refused("hash_conflict")
    if content["type"] != view.content["type"]:
        raise Refused("invalid_arguments", "the type of a view cannot change")
    replace(call.world, view, content)
    return {"view": shown_view(call.world, call.team, view)}


@method("views.publish", "user_id", "view", tier=4)
def views_publish(call: Call) -> Json:
    """Show somebody's Home tab."""
    if not call.world.app.home_tab:
        raise Refused("not_enabled")
    user = call.user("user_id").id
    content = checked_view(call, call.args["view"], HOME)
    standing = call.team.homes.get(user)
    if call.args.get("hash") and (standing is None or call.args["hash"] != standing.hash):
        raise Refused("hash_conflict")
    number = standing.id if standing else call.world.id("V0")
    view = call.team.homes[user] = _view(call, content, user, number, root=number)
    return {"view": shown_view(call.world, call.team, view)}


def checked_view(call: Call, view: Any, kinds: frozenset[str]) -> Json:  # noqa: ANN401 - any JSON
    """Return the view as Slack keeps it, or refuse it."""
    wrong = view_problems(view, kinds)
    if wrong:
        raise Refused("invalid_arguments", *wrong)
    if too_large(view):
        raise Refused("view_too_large")
    return {**view, "blocks": checked(call, view["blocks"], view["type"])}


def push(call: Call, user: str, content: Json) -> View:
    """Put a checked view on top of somebody's stack."""
    stack = call.team.modals.get(user, [])
    if not stack:
        raise Refused("not_found")
    if len(stack) >= DEPTH:
        raise Refused("push_limit_reached")
    view = _view(call, content, user, call.world.id("V0"), root=stack[0].id)
    view.previous = stack[-1].id
    stack.append(view)
    return view


def replace(world: World, view: View, content: Json) -> None:
    """Let a view show something else; it has another hash from then on."""
    view.content, view.hash = content, world.id("h.")


def shown_view(world: World, team: Team, view: View) -> Json:
    """Return a view as Slack's API and payloads show it, without what was filled in."""
    return {
        "submit": None,
        "close": None,
        "private_metadata": "",
        "callback_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        **view.content,
        "id": view.id,
        "team_id": team.id,
        "state": {"values": {}},
        "hash": view.hash,
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": world.app.id,
        "external_id": view.external_id,
        "app_installed_team_id": team.enterprise.id if team.enterprise else team.id,
        "bot_id": "B" + team.bot.id[1:],
    }


def _view(call: Call, content: Json, user: str, number: str, *, root: str) -> View:
    external = str(content.get("external_id") or "")
    standing = [v for stack in call.team.modals.values() for v in stack]
    if external and any(v.external_id == external for v in standing):
        raise Refused("duplicate_external_id")
    return View(
        id=number,
        user=user,
        content=content,
        hash=call.world.id("h."),
        root=root,
        external_id=external,
    )


def _standing(call: Call) -> View:
    every = [view for stack in call.team.modals.values() for view in stack]
    every += call.team.homes.values()
    wanted = (call.args.get("view_id"), call.args.get("external_id"))
    for view in every:
        if wanted[0] == view.id or (wanted[1] and wanted[1] == view.external_id):
            return view
    raise Refused("not_found")


def _exchange(call: Call) -> str:
    """Use up the trigger; return whose it is."""
    given = str(call.args.get("trigger_id") or call.args.get("interactivity_pointer") or "")
    if not given:
        raise Refused("invalid_arguments", "missing required field: trigger_id")
    trigger = call.team.triggers.get(given)
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if call.world.monotonic() > trigger.until:
        raise Refused("trigger_expired")
    trigger.used = True
    return trigger.user
