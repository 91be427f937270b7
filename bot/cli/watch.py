"""Commands."""

from __future__ import annotations

import typer


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
