"""The page's control of deliveries: what it is shown, and what it changes."""

from typing import assert_never

from adapters.playground.deliveries import Delivery
from adapters.playground.faults import Fault, bucket, check
from adapters.playground.inbound import AddFault, EndFault, FaultChange, LetLook
from adapters.playground.records import Json
from adapters.playground.room import Room
from adapters.playground.view import milliseconds


async def tell(room: Room, change: FaultChange) -> None:
    """Let something go wrong, or well again; ``InvalidInput`` for what cannot be."""
    office = room.store.deliveries
    match change:
        case AddFault():
            fault = Fault(
                kind=change.kind, where=change.where, seconds=change.seconds, left=change.left
            )
            check(fault, await room.store.people(), await room.store.channels())
            await office.add(fault)
        case EndFault(fault=number):
            await office.end(number)
        case LetLook(lookable=lookable):
            await office.let_look(lookable=lookable)
        case _:
            assert_never(change)


async def deliveries_json(room: Room) -> Json:
    """Return what goes wrong at present, and what became of the last deliveries."""
    office = room.store.deliveries
    return {
        "faults": [_fault(each) for each in office.faults],
        "lookable": office.lookable,
        "last": [_delivery(each) for each in await office.last()],
    }


def _fault(fault: Fault) -> Json:
    return {
        "number": fault.number,
        "kind": fault.kind.value,
        "where": fault.where,
        "seconds": fault.seconds,
        "left": fault.left,
    }


def _delivery(delivery: Delivery) -> Json:
    return {
        "title": delivery.title,
        "where": bucket(delivery.channel),
        "at": milliseconds(delivery.at),
        "outcome": delivery.outcome.value,
        "seconds": delivery.seconds,
        "attempts": delivery.attempts,
    }
