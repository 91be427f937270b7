"""`vigil db`: the database's upkeep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.given import loaded
from model.errors import UsageError

if TYPE_CHECKING:
    from store.engine import Store

group = typer.Typer(rich_markup_mode=None, help="Keep the database: upgrade, backup, prune.")


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.add_typer(group, name="db")


@group.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to the newest schema.

    `vigil run` does so by itself.
    """
    from bot.opening import with_store

    async def work(_store: Store) -> None:
        """Do no more: opening it is enough."""

    with_store(loaded(context), work)
    print("The database is up to date.")


@group.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="Where to write it.")]
) -> None:
    """Write a copy of the SQLite database.

    While vigil runs or not.
    """
    from bot.opening import with_store
    from store import upkeep

    if file.exists():
        raise UsageError(f"{file} is there already; nothing was written.")

    async def work(store: Store) -> None:
        await upkeep.backup(store, file)

    with_store(loaded(context), work)
    print(f"The database was copied to {file}.")


@group.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A copy made by `vigil db backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a copy in the database's place.

    SQLite only; the present one is kept beside it.
    """
    import asyncio

    from store import upkeep

    config = loaded(context)
    if not file.is_file():
        raise UsageError(f"There is no {file}.")
    if not yes:
        typer.confirm(f"Replace the database in {config.data_dir} by {file}?", abort=True)
    grouped = config.settings.alerts.first_run_backlog == "digest"
    kept = asyncio.run(upkeep.restore(file, config.database_url, grouped=grouped))
    print(f"{file} is the database now; the one before is {kept}.")


@group.command()
def prune(context: typer.Context) -> None:
    """Forget what is old.

    As [database] keep_articles and keep_bodies say.
    """
    from bot.opening import with_store
    from bot.tending import prune as forget

    config = loaded(context)

    async def work(store: Store) -> str:
        return f"Forgotten: {await forget(store, config)}."

    print(with_store(config, work))
