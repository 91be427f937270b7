"""What `vigil check` says about court cases; nothing where none of it is used."""

from __future__ import annotations

from bot.config import Loaded
from bot.court_health import CourtHealth
from bot.findings import ERROR, OK, WARNING, Finding
from bot.pushed import PATH

SHOWN = 5
"""Failing feeds that are named one by one."""
_COURTS, _LISTENER, _PUSHES = "courts", "courtlistener", "court pushes"


def check_courts(loaded: Loaded, health: CourtHealth) -> list[Finding]:
    """Return what was found, each trouble with its next step."""
    has_keys = bool(loaded.courtlistener_token or loaded.webhook_secret)
    if not (health.is_used or has_keys):
        return []
    found = [*_cases(health), *_feeds(health)]
    if loaded.settings.courts.courtlistener_url:
        found += [*_courtlistener(loaded, health), *_webhook(loaded, health)]
    return found


def _cases(health: CourtHealth) -> list[Finding]:
    if not health.cases:
        return [Finding(_COURTS, OK, "no case is followed.")]
    said = f"{_many(health.cases, 'case')} followed"
    if health.dark:
        said += f", {health.dark} of them sealed or unknown and looked for every 6 hours"
    return [Finding(_COURTS, OK, f"{said}.")]


def _feeds(health: CourtHealth) -> list[Finding]:
    if not health.feeds:
        return []
    failing = health.failing
    said = f"{_many(len(health.feeds), 'court feed')} asked, {len(failing)} failing now."
    found = [Finding(_COURTS, OK, said)]
    for one in failing[:SHOWN]:
        name = one.source.name or one.source.url
        step = f"vigil feed check {one.source.url}"
        found.append(Finding(_COURTS, WARNING, f"{name}: {one.pace.error}", step))
    if len(failing) > SHOWN:
        rest = f"{len(failing) - SHOWN} more court feeds fail."
        found.append(Finding(_COURTS, WARNING, rest, "vigil feed list"))
    return found


def _courtlistener(loaded: Loaded, health: CourtHealth) -> list[Finding]:
    courts = loaded.settings.courts
    if not loaded.courtlistener_token:
        if not health.cases:
            return []
        said = "no token is set: cases are followed through feeds and pushes only."
        step = f"get a free one at {_base(loaded)}/profile/api-token/, put it into "
        return [Finding(_LISTENER, WARNING, said, step + courts.courtlistener_token_file)]
    if health.paused_until is not None:
        said = f"it wants to be left alone until {health.paused_until:%Y-%m-%d %H:%M} UTC."
        step = "nothing to do: vigil asks again by itself then"
        return [Finding(_LISTENER, WARNING, said, step)]
    said = f"a token is set, {health.left} of {health.most} calls left today."
    if health.left:
        return [Finding(_LISTENER, OK, said)]
    step = "nothing to do: calls come back within a day; feeds and pushes go on"
    return [Finding(_LISTENER, WARNING, said, step)]


def _webhook(loaded: Loaded, health: CourtHealth) -> list[Finding]:
    server, found = loaded.settings.server, []
    if health.pushes:
        said = f"{_many(health.pushes, 'push', 'pushes')} waiting to be handled."
        found.append(Finding(_PUSHES, WARNING, said, "vigil run, which handles them"))
    if not loaded.webhook_secret:
        if loaded.courtlistener_token:
            said = "no webhook is set up: entries come by feeds and calls, later."
            step = f"write a long random word into {loaded.settings.courts.webhook_secret_file}"
            found.append(Finding(_PUSHES, WARNING, said, step))
        return found
    if not (server.bind and server.public_url):
        missing = "bind" if not server.bind else "public_url"
        said = "a secret is set, but nothing can be pushed here."
        step = f"set [server] {missing}, the address CourtListener is to reach"
        return [*found, Finding(_PUSHES, ERROR, said, step)]
    address = server.public_url.rstrip("/") + PATH.format(secret="<secret>")  # noqa: S106
    where = f"{_base(loaded)}/profile/webhooks/"
    if health.last_push is None:
        said = "nothing was pushed yet."
        step = f"enter {address} at {where}, with the word of your secret file for <secret>"
        return [*found, Finding(_PUSHES, WARNING, said, step)]
    said = f"{address} was last called at {health.last_push:%Y-%m-%d %H:%M} UTC."
    return [*found, Finding(_PUSHES, OK, said)]


def _base(loaded: Loaded) -> str:
    return loaded.settings.courts.courtlistener_url.rstrip("/")


def _many(n: int, one: str, many: str = "") -> str:
    return f"{n} {one} is" if n == 1 else f"{n} {many or one + 's'} are"
