"""What Slack would refuse in blocks and views: their structure, their lengths, their places."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.slack import lengths, schema
from tests.support.slack.world import Json

MODAL_ONLY = frozenset({"file_input"})


def blocks_problems(blocks: Any, surface: str = "message") -> list[str]:  # noqa: ANN401 - any JSON
    """Return what is wrong with the blocks of a message, modal or home, as Slack words it."""
    if not isinstance(blocks, list) or not all(isinstance(each, dict) for each in blocks):
        return ["blocks must be an array of objects [json-pointer:/blocks]"]
    most = lengths.MESSAGE_BLOCKS if surface == "message" else lengths.VIEW_BLOCKS
    found = [f"no more than {most} items allowed [json-pointer:/blocks]"] * (len(blocks) > most)
    for n, block in enumerate(blocks):
        at = f"/blocks/{n}"
        wrong = schema.problems(block, "KnownBlock", at)
        found += wrong or [*lengths.problems(block, at), *_places(block, surface, at)]
    return [*found, *_together(blocks, surface)]


def view_problems(view: Any, kinds: frozenset[str]) -> list[str]:  # noqa: ANN401 - any JSON
    """Return what is wrong with a view."""
    if not isinstance(view, dict) or view.get("type") not in kinds:
        return [f"type must be one of {sorted(kinds)} [json-pointer:/view/type]"]
    frame = {key: value for key, value in view.items() if key != "blocks"} | {"blocks": []}
    named = "ModalView" if view["type"] == "modal" else "HomeView"
    found = schema.problems(frame, named, "/view") or list(lengths.problems(frame, "/view"))
    if view["type"] == "modal" and not view.get("title"):
        found.append("missing required field: title [json-pointer:/view]")
    found += blocks_problems(view.get("blocks"), view["type"])
    inputs = [b for b in view.get("blocks") or () if isinstance(b, dict) and b["type"] == "input"]
    if inputs and view["type"] == "modal" and not view.get("submit"):
        found.append("missing required field: submit, as there is an input [json-pointer:/view]")
    return found


def too_large(view: Json) -> bool:
    """Tell whether the view is over Slack's 250 KB."""
    return len(json.dumps(view)) > lengths.VIEW_BYTES


def named_blocks(blocks: list[Json], new: Callable[[], str]) -> list[Json]:
    """Return the blocks as Slack keeps them: whatever was given no id has one now."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block["block_id"] = block.get("block_id") or new()
        for element in elements(block):
            if element.get("type") not in {"mrkdwn", "plain_text", "image"}:
                element["action_id"] = element.get("action_id") or new()
    return kept


def elements(block: Json) -> list[Json]:
    """Return the elements of a block that somebody could use."""
    if block["type"] == "actions":
        return list(block["elements"])
    found = block.get("element") if block["type"] == "input" else block.get("accessory")
    return [found] if found else []


def _places(block: Json, surface: str, at: str) -> Iterator[str]:
    kind = block.get("type")
    if kind in {"table", "markdown", "data_table"} and surface != "message":
        yield f"{kind} is for messages alone [json-pointer:{at}]"
    if kind == "alert" and surface == "message":
        yield f"alert is not for messages [json-pointer:{at}]"
    if kind == "input" and block["element"].get("type") in MODAL_ONLY and surface != "modal":
        yield f"file_input is for modals alone [json-pointer:{at}]"
    own = [e["action_id"] for e in elements(block) if e.get("action_id")]
    if len(set(own)) < len(own):
        yield f"action_id is there twice [json-pointer:{at}]"


def _together(blocks: list[Json], surface: str) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(set(ids)) < len(ids):
        yield "block_id is there twice [json-pointer:/blocks]"
    kinds = [block.get("type") for block in blocks]
    if surface == "message" and kinds.count("table") > 1:
        yield "only one table allowed [json-pointer:/blocks]"
    written = sum(len(str(b.get("text"))) for b in blocks if b.get("type") == "markdown")
    if written > lengths.MARKDOWN:
        yield "msg_blocks_too_long [json-pointer:/blocks]"
