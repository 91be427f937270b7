"""What `vigil check` finds, as it is kept and as it is said."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, ERROR = "ok", "warning", "error"
_SIGNS = {OK: "✓", WARNING: "!", ERROR: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """What: "config", "database", "telegram" …"""
    grade: str
    """ "ok", "warning" or "error"."""
    said: str
    step: str = ""
    """The exact next step; empty when there is nothing to do."""

    def line(self) -> str:
        """Return it for people: "✗ telegram: … → do this"."""
        step = f" → {self.step}" if self.step else ""
        return f"{_SIGNS[self.grade]} {self.check}: {self.said}{step}"
