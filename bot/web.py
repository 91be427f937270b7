"""What the address of [server] bind answers: health, metrics, the status page, and pushes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from model.errors import VigilError

Check = Callable[[], Awaitable[list[str]]]
"""Returns what is wrong, one sentence each; empty when all is well."""


class AddressTakenError(VigilError):
    """The address of [server] bind can't be used."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What the server answers from."""

    healthy: Check
    """The process and its database."""
    ready: Check
    """Work is progressing: rounds end, and what is due is delivered."""
    metrics: Callable[[], bytes]
    pushes: Mapping[str, Callable[[web.Request], Awaitable[web.Response]]] = field(
        default_factory=dict
    )
    """What answers at the addresses that others push to, whatever the method."""
    page: Callable[[web.Request], Awaitable[web.Response]] | None = None
    """The status page; None: there is none."""


async def start(bind: str, checks: Checks) -> web.AppRunner:
    """Start the server on "address:port" and return it, to be closed with `cleanup()`.

    AddressTakenError, in one sentence, where the address can't be used.
    """
    app = web.Application()
    app.router.add_get("/healthz", _answering(checks.healthy))
    app.router.add_get("/readyz", _answering(checks.ready))
    app.router.add_get("/metrics", _metrics(checks.metrics))
    if checks.page is not None:
        app.router.add_get("/", checks.page)
    for path, answer in checks.pushes.items():
        app.router.add_route("*", path, answer)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    host, _, port = bind.rpartition(":")
    try:
        await web.TCPSite(runner, host.strip("[]") or None, int(port)).start()
    except OSError as error:
        await runner.cleanup()
        raise AddressTakenError(
            f"[server] bind: {bind} can't be used ({(error.strerror or str(error)).lower()}); "
            "is another vigil running there? Write another address, or an empty one for none."
        ) from None
    return runner


def bound(runner: web.AppRunner) -> str:
    """Return the address really bound, for a port of 0."""
    host, port = runner.addresses[0][:2]
    return f"{host}:{port}"


def _answering(check: Check) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        wrong = await check()
        return web.Response(text="\n".join(wrong or ["ok"]) + "\n", status=503 if wrong else 200)

    return answer


def _metrics(text: Callable[[], bytes]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=text(), headers={"Content-Type": "text/plain; version=0.0.4"})

    return answer
