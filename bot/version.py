"""The version, in one place: pyproject.toml repeats it and a test keeps them equal."""

VERSION = "0.1.0"
