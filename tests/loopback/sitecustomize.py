"""On the path of every program the tests start: it may dial loopback and nothing else."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any


class OutsideLoopbackError(AssertionError):
    """A test, or a program it started, was about to leave this machine."""


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse, as an audit hook, whatever would leave loopback, names included: asking for one
    asks a server elsewhere.
    """
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        where = arguments[1]
        if isinstance(where, tuple) and arguments[0].family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_here(str(where[0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _refuse_unless_here(arguments[0])


def _refuse_unless_here(host: str | bytes | None) -> None:
    name = host.decode(errors="replace") if isinstance(host, bytes) else host or "localhost"
    if name == "localhost" or name == socket.gethostname():
        return
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        raise OutsideLoopbackError(f"{name} would be looked up outside this machine") from None
    if not (address.is_loopback or address.is_unspecified):
        raise OutsideLoopbackError(f"{name} is not on loopback")


sys.addaudithook(watch)
