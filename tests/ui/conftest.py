from tests.support.people import ana, ben, bot

__all__ = ["ana", "ben", "bot"]
