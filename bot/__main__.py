"""`python -m bot`."""

import sys


def _run() -> int:
    try:
        from bot.cli import main

        return main(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are being imported; `main` handles its own
        return 130


if __name__ == "__main__":
    sys.exit(_run())
