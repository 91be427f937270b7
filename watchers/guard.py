"""Which addresses may be dialled: public ones, and what the operator allows by network.

Two checks hold together. The resolver refuses a name when any of its answers is refused, and
the socket factory looks at the address really dialled: on every hop, for literals that never
meet a resolver, and after the answers of a name changed in between.
"""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
AddrInfo: TypeAlias = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]
OpenSocket: TypeAlias = Callable[[int, int, int], socket.socket]

_SPECIAL = tuple(
    (ipaddress.ip_network(network), what)
    for network, what in (
        # IANA IPv4 special-purpose registry, and the space never given out
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a provider's inner network"),
        ("127.0.0.0/8", "this machine itself"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "reserved for documentation"),
        ("192.88.99.0/24", "a former relay address"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "reserved for measurements"),
        ("198.51.100.0/24", "reserved for documentation"),
        ("203.0.113.0/24", "reserved for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "reserved"),
        # in no registry: the platform service of a large cloud, on a public-looking address
        ("168.63.129.16/32", "a cloud's inner service"),
        # IANA IPv6 special-purpose registry, inside the space that is given out (2000::/3)
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "reserved for documentation"),
        ("3fff::/20", "reserved for documentation"),
        # outside it, named for the sentence: everything else there is refused as well
        ("::/128", "this host"),
        ("::1/128", "this machine itself"),
        ("64:ff9b:1::/48", "a local translation prefix"),
        ("100::/64", "a discard-only address"),
        ("5f00::/16", "a segment routing address"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "a multicast address"),
    )
)
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_6TO4 = ipaddress.IPv6Network("2002::/16")
_TEREDO = ipaddress.IPv6Network("2001::/32")
_INNER_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet")
_REMEMBERED = 4096
_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})


class AddressError(OSError):
    """That address is not public, and [polling] allow_networks does not list its network."""

    def __init__(self, address: str, what: str, host: str = "") -> None:
        """Say which address (of which host name, where it came from one) is refused and why."""
        subject = f"{host} is at {address}, which" if host and host != address else address
        super().__init__(
            f"{subject} is {what} and not a public address; to allow it, list its network "
            "in [polling] allow_networks."
        )


class Guard:
    """Says which addresses may be dialled. `allow_networks`: CIDRs to allow although special."""

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        """Read the allowed networks; ValueError names one that is not a CIDR."""
        self._allowed: tuple[Network, ...] = tuple(
            ipaddress.ip_network(one, strict=False) for one in allow_networks
        )
        self._refusals: dict[str | Address, str] = {}

    def refusal(self, address: str | Address) -> str:
        """Return what is wrong with an IP address in a few words; empty when it may be dialled."""
        found = self._refusals.get(address)
        if found is None:
            if len(self._refusals) >= _REMEMBERED:
                self._refusals.clear()
            found = self._refusals[address] = self._judge(address)
        return found

    def _judge(self, address: str | Address) -> str:
        ip = _parsed(address)
        if ip is None:
            return "not an IP address"
        if self._is_allowed(ip):
            return ""
        return _special(ip) or next(filter(None, map(_special, _carried(ip))), "")

    def check(self, address: str, host: str = "") -> None:
        """Raise AddressError unless the IP address may be dialled."""
        what = self.refusal(address)
        if what:
            raise AddressError(address, what, host)

    def screen(self, host: str, addresses: Sequence[str]) -> list[str]:
        """Return those answers of a name that may be dialled; AddressError when any is bad.

        Where the operator allowed one of the answers by network, that one is dialled and the
        bad ones are left out (`localhost` is 127.0.0.1 and ::1).
        """
        refused = [one for one in addresses if self.refusal(one)]
        if not refused:
            return list(addresses)
        allowed = [one for one in addresses if (ip := _parsed(one)) and self._is_allowed(ip)]
        if not allowed:
            self.check(refused[0], host)
        return allowed

    async def check_name(self, host: str, resolver: AbstractResolver) -> None:
        """Check a name before a proxy gets it; AddressError when it is not public.

        A name that has no answer here is handed over: behind a proxy there may be no DNS.
        """
        literal = literal_address(host)
        if literal is not None:
            self.check(str(literal), host)
            return
        try:
            answers = await resolver.resolve(host, 0, socket.AF_UNSPEC)
        except AddressError:
            raise
        except OSError:
            if "." not in host.rstrip(".") or host.rstrip(".").endswith(_INNER_NAMES):
                raise AddressError(host, "a name of an inner network") from None
            return
        self.screen(host, [one["host"] for one in answers])

    def socket_factory(
        self, info: AddrInfo, open_socket: OpenSocket = socket.socket
    ) -> socket.socket:
        """Open a socket for an address that may be dialled: aiohttp's `socket_factory`."""
        family, kind, protocol, _, address = info
        self.check(str(address[0]))
        return open_socket(family, kind, protocol)

    def _is_allowed(self, ip: Address) -> bool:
        return any(ip in network for network in self._allowed)


class CheckingResolver(AbstractResolver):
    """Resolves names as the system does, and refuses those with a bad answer."""

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None) -> None:
        """Ask `resolver`, or the system's in the loop's own thread pool."""
        self._guard = guard
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the name's addresses; AddressError when one may not be dialled."""
        answers = await self._resolver.resolve(host, port, family)
        good = set(self._guard.screen(host, [one["host"] for one in answers]))
        return [one for one in answers if one["host"] in good]

    async def close(self) -> None:
        """Release the resolver that is asked."""
        await self._resolver.close()


@lru_cache(maxsize=4096)
def literal_address(host: str) -> Address | None:
    """Return the IP address that a host is written as, in any of the ways that systems accept
    (`127.1`, `0x7f000001`, `２１３０７０６４３３`, `127。0。0。1`); None for a name.
    """
    plain = unicodedata.normalize("NFKC", host.translate(_DOTS)).strip("[]").rstrip(".")
    ip = _parsed(plain)
    if ip is not None:
        return ip
    if not plain.isascii() or " " in plain:
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(plain))
    except OSError:
        return None


def _parsed(address: str | Address) -> Address | None:
    """Read an address; one mapped into IPv6 is the IPv4 address that is really dialled."""
    if isinstance(address, str):
        try:
            address = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _special(ip: Address) -> str:
    if isinstance(ip, ipaddress.IPv6Address) and (ip in _TEREDO or ip in _NAT64):
        return ""  # judged by the addresses they carry
    for network, what in _SPECIAL:
        if ip.version == network.version and ip in network:
            return what
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _GIVEN_OUT:
        return "in a range that was never given out"
    return ""


def _carried(ip: Address) -> list[Address]:
    """Return the IPv4 addresses a transition address would reach in the end."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return []
    if ip in _NAT64 or ip in _COMPATIBLE:
        return [ipaddress.IPv4Address(ip.packed[12:])]
    if ip in _6TO4:
        return [ipaddress.IPv4Address(ip.packed[2:6])]
    if ip in _TEREDO:
        client = bytes(byte ^ 0xFF for byte in ip.packed[12:])
        return [ipaddress.IPv4Address(ip.packed[4:8]), ipaddress.IPv4Address(client)]
    return []
