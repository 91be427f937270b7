"""How seldom the interpreter looks for garbage in circles, of which there is next to none."""

from __future__ import annotations

import gc

_COLLECT = (20_000, 20, 50)
"""Python's own (700, 10, 10) looks through all that is remembered for every few hundred rows read:
a third of the time it takes to load what readers were told.
"""


def look_seldom() -> None:
    """Leave alone what was loaded so far, and look through the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
