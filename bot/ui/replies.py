"""What a member gets back at once. Everything for anybody else goes through the outbox."""

from dataclasses import dataclass

from bot.ui.cards import Card
from bot.ui.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReply:
    """A card for the one who acted; only they see it unless ``public``.

    ``replaces``: it takes the place of the private card whose button was clicked.
    ``failed``: nothing was done, and the card says why; ``passing``: the same may work soon.
    ``repeated``: it has been done before, and whoever did it has the answer.
    """

    card: Card
    public: bool = False
    replaces: bool = False
    failed: bool = False
    passing: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReply:
    """A form to open, as the first answer to a click."""

    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class FormErrorsReply:
    """The form stays open with its answers; ``errors`` stand under the inputs by key.

    The empty key is about the form as a whole. ``passing``: the same answers may be taken soon.
    """

    errors: dict[str, str]
    passing: bool = False


Reply = CardReply | FormReply | FormErrorsReply
