"""``python -m bot`` is ``coplan``."""

from bot.cli.entry import main

if __name__ == "__main__":
    main()
