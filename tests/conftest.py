"""What every test can ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party material for tests; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the folder of third-party test material")
    return SHARED
