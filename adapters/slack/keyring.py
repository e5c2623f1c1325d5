"""The keys under which tokens are stored: the first one seals, all of them open."""

from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.domain.errors import InvalidInput
from bot.usecases.vault import Vault

_KEYS: Final = (
    "Set COPLAN_SECRET_KEYS to what “coplan secrets new” prints; several keys have commas between,"
    " the newest first."
)


class WrongKey(InvalidInput):
    """None of the keys opens what was sealed."""

    says = "None of the keys in COPLAN_SECRET_KEYS opens {what}."
    do = "Add the key it was stored under behind the others. Nothing was changed."


def new_key() -> str:
    """Return a fresh key."""
    return Fernet.generate_key().decode()


class Keyring(Vault):
    """Seals texts (Fernet: AES-128 and HMAC-SHA-256), each for one use only."""

    def __init__(self, keys: str) -> None:
        """Take the keys, the newest first, with commas between; ``InvalidInput`` for none."""
        given = [key.strip() for key in keys.split(",") if key.strip()]
        if not given:
            raise InvalidInput(what="There are no keys to store tokens under.", remedy=_KEYS)
        try:
            opening = [Fernet(key) for key in given]
        except ValueError:
            what = "COPLAN_SECRET_KEYS holds something that is no key."
            raise InvalidInput(what=what, remedy=_KEYS) from None
        self._newest = opening[0]
        self._all = MultiFernet(opening)

    def seal(self, text: str, use: str, at: datetime) -> str:
        """Return the text sealed for that use: what was moved elsewhere does not open there."""
        return self._newest.encrypt_at_time(f"{use}\n{text}".encode(), _seconds(at)).decode()

    def open(self, sealed: str, use: str) -> str:
        """Return the text; ``WrongKey`` when no key opens it, or it was sealed for another use."""
        try:
            whole = self._all.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError):
            raise WrongKey(what=f"what is stored for {use}") from None
        sealed_for, _, text = whole.partition("\n")
        if sealed_for != use:
            raise WrongKey(what=f"what is stored for {use}")
        return text

    def fresh(self, sealed: str, use: str, at: datetime, within: timedelta) -> str | None:
        """Return the text if it was sealed for that use not longer ago, else None."""
        seconds = int(within.total_seconds())
        try:
            self._all.decrypt_at_time(sealed.encode(), seconds, _seconds(at))
            return self.open(sealed, use)
        except (InvalidToken, UnicodeError, WrongKey):
            return None

    def renewed(self, sealed: str, use: str) -> str:
        """Return it sealed under the newest key, itself if it is; ``WrongKey`` as in ``open``."""
        self.open(sealed, use)
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return self._all.rotate(sealed.encode()).decode()
        return sealed


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
