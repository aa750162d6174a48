"""`python -m bench [NAME…]`: run the named measurements, or all; each prints a table."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

_HELPERS = {"__main__", "data", "echo_bot", "peers"}


def main(wanted: list[str]) -> None:
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    names = [name for name in found if name not in _HELPERS]
    for name in wanted or names:
        if name not in names:
            sys.exit(f"no measurement {name!r}; there are: {', '.join(names)}")
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    chosen = sys.argv[1:]
    del sys.argv[1:]  # each measurement starts with its own defaults
    main(chosen)
