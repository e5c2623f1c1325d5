"""How Discord refuses: a status, a code of its own, and words."""

from typing import Final

from tests.support.discord.world import Json

NOT_FOUND: Final = 404
FORBIDDEN: Final = 403
BAD: Final = 400


class Refused(Exception):  # noqa: N818 - an answer of Discord's
    """Discord answers with this status and code."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}".strip())
        self.status = status
        self.code = code
        self.body: Json = {"code": code, "message": message}
        if errors:
            self.body["errors"] = errors


def invalid(problems: list[str]) -> Refused:
    """Return the refusal of a body; each problem is "path: words"."""
    errors: Json = {}
    for problem in problems:
        path, _, words = problem.partition(": ")
        place = errors
        for part in filter(None, path.split("/")):
            place = place.setdefault(part, {})
        place.setdefault("_errors", []).append({"code": "INVALID", "message": words})
    return Refused(BAD, 50035, "Invalid Form Body", errors)


def unknown(what: str) -> Refused:
    """Return that something does not exist, or not for the app."""
    return Refused(NOT_FOUND, _UNKNOWN[what], f"Unknown {what}")


_UNKNOWN: Final = {
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "User": 10013,
    "Webhook": 10015,
    "Interaction": 10062,
    "Application Command": 10063,
    "Guild Scheduled Event": 10070,
}

MISSING_ACCESS: Final = (FORBIDDEN, 50001, "Missing Access")
MISSING_PERMISSIONS: Final = (FORBIDDEN, 50013, "Missing Permissions")
