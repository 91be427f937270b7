"""What each kind of mention is worth, 0 to 100, and the code of the reason given for it."""

from __future__ import annotations

from typing import ClassVar

from matching.fit import Dress

THRESHOLD = 70
"""From here on it is a mention by default."""
POSSIBLE = 40
"""From here to the threshold it is possible."""


class Score:
    """A score on its way down: it starts at 100, and each thing found amiss lowers it."""

    EXACT = 100
    MIDDLE_DROPPED = 95
    VARIANT = 92
    ORDER = 92
    SURNAME_DROPPED = 90
    SCRIPT = 85
    INFLECTED = 85
    EXTRA_GIVEN = 85
    PARTICLE = 82
    PAIR = 80
    CAPTION_PAIR = 80
    LEADING_GIVEN = 78
    INITIALS = 75
    MIDDLE_ONLY = 75
    LEADING_INITIAL = 75
    TYPO = 70
    NICKNAME = 70
    COMMON = 60
    UNCLEAR = 60
    CAPTION = 55
    DRESSES: ClassVar[tuple[tuple[Dress, int, str], ...]] = (
        (Dress.VARIANT, VARIANT, "variant"),
        (Dress.SCRIPT, SCRIPT, "script"),
        (Dress.INFLECTED, INFLECTED, "inflected"),
        (Dress.TYPO, TYPO, "typo"),
    )

    __slots__ = ("args", "code", "value")

    def __init__(self) -> None:
        """Begin with an exact mention."""
        self.value = self.EXACT
        self.code = "exact"
        self.args: tuple[str, ...] = ()

    def lower(self, value: int, code: str) -> None:
        """Lower to `value` because of `code`; the lowest reason is the one that is told."""
        if value < self.value:
            self.value, self.code = value, code
