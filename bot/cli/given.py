"""What stood on the command line for every command, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import ConfigError, UsageError

if TYPE_CHECKING:
    import typer

    from bot.config import Loaded

FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class Given:
    """The options that hold for every command."""

    config: Path | None = None
    settings: tuple[str, ...] = ()
    debug: bool = False

    def overrides(self) -> dict[str, str]:
        """Return --set section.key=value as a mapping; UsageError where one has no "="."""
        found = {}
        for text in self.settings:
            key, sign, value = text.partition("=")
            if not sign:
                raise UsageError(
                    f'--set {text}: write section.key=value, such as "log.level=debug".'
                )
            found[key.strip()] = value
        return found

    def path(self) -> Path:
        """Return the configuration's path; ConfigError when there is none."""
        if self.config is None and not Path(FILE).is_file():
            raise ConfigError(
                f"There is no {FILE} in {Path().absolute()}; run `vigil setup` to make one, "
                "or name yours with --config FILE or VIGIL_CONFIG."
            )
        return self.config or Path(FILE)


def given(context: typer.Context) -> Given:
    """Return what stood on the command line for every command."""
    found = context.find_object(Given)
    return found if found is not None else Given()


def loaded(context: typer.Context, path: Path | None = None) -> Loaded:
    """Return the configuration, its secrets already kept from every line we print."""
    from bot.config import load
    from bot.redact import keep_secret

    options = given(context)
    found = load(path or options.path(), given=options.overrides())
    keep_secret(*found.secrets)
    return found
