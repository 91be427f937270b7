from __future__ import annotations

import ipaddress
import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import LOOPBACK, Web
from watchers.guard import AddressError, CheckingResolver, Guard, literal_address

NOT_GLOBAL = [
    # the IPv4 special-purpose registry's entries that are not globally reachable
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1",
    "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.1",
    "192.0.0.8", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "240.0.0.1",
    "255.255.255.255", "224.0.0.1", "239.255.255.250", "168.63.129.16",
    # the same of IPv6
    "::", "::1", "::2", "::127.0.0.1", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b:1::1", "100::1",
    "100:0:0:1::1", "2001::", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1",
    "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "4000::1", "1fff::1",
    # an IPv4 address in another dress
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::",
    "2001:0:808:808:0:0:80ff:fffe",
]  # fmt: skip
GLOBAL = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.255.255",
    "172.32.0.1", "168.63.129.15", "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.254",
    "2606:4700:4700::1111", "2a00:1450::1", "2001:200::1", "2001:4860:4860::8888", "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:808:0:0:f7f7:f7f7", "3ffe::1",
]  # fmt: skip


class Answers(AbstractResolver):
    """A resolver that knows one answer."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if not self.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for one in self.addresses
        ]

    async def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("address", NOT_GLOBAL)
def test_a_special_address_is_refused(address: str) -> None:
    assert Guard().refusal(address)
    with pytest.raises(AddressError, match="allow_networks"):
        Guard().check(address)


@pytest.mark.parametrize("address", GLOBAL)
def test_a_public_address_may_be_dialled(address: str) -> None:
    assert Guard().refusal(address) == ""


def test_what_is_no_address_is_refused() -> None:
    for address in ("", "example.org", "1.2.3", "1.2.3.4.5", ":::", "0x7f000001"):
        assert Guard().refusal(address)


@given(st.ip_addresses(v=6))
def test_only_what_was_given_out_is_ever_dialled(ip: ipaddress.IPv6Address) -> None:
    if not Guard().refusal(ip):
        inside = ip in ipaddress.ip_network("2000::/3")
        nat64 = ip in ipaddress.ip_network("64:ff9b::/96")
        assert inside or nat64 or ip.ipv4_mapped is not None


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_one_it_maps(ip: ipaddress.IPv4Address) -> None:
    guard = Guard()
    assert guard.refusal(f"::ffff:{ip}") == guard.refusal(ip)
    assert bool(guard.refusal(f"64:ff9b::{ip}")) == bool(guard.refusal(ip))


def test_an_allowed_network_is_dialled_and_no_other() -> None:
    guard = Guard(["10.1.0.0/16", "fd00::/8"])
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "fd00::5"):
        assert guard.refusal(address) == ""
    for address in ("10.2.0.1", "127.0.0.1", "64:ff9b::10.1.2.3", "2002:a01:203::"):
        assert guard.refusal(address), address


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.1\.2\.0/33"):
        Guard(["10.1.2.0/33"])


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
     "１２７.0.0.1", "127.0.0.1.", "[::1]", "::ffff:127.0.0.1", "0"],
)  # fmt: skip
def test_a_literal_is_seen_through_every_spelling(host: str) -> None:
    address = literal_address(host)
    assert address is not None
    assert Guard().refusal(address)


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1.example.org", "cafe", "a b", "ñandú.mx"]
)
def test_a_name_is_no_literal(host: str) -> None:
    assert literal_address(host) is None


async def test_a_name_with_one_bad_answer_is_refused() -> None:
    resolver = CheckingResolver(Guard(), Answers("93.184.216.34", "10.0.0.7"))
    with pytest.raises(AddressError, match=r"two\.example is at 10\.0\.0\.7, which is a private"):
        await resolver.resolve("two.example", 80)


async def test_a_name_with_an_allowed_answer_is_dialled_there_only() -> None:
    resolver = CheckingResolver(Guard(["127.0.0.0/8"]), Answers("::1", "127.0.0.1"))
    found = await resolver.resolve("localhost", 80)
    assert [one["host"] for one in found] == ["127.0.0.1"]


async def test_the_resolver_passes_good_answers_on_and_closes_its_own() -> None:
    inner = Answers("93.184.216.34", "2606:2800:220:1::1")
    resolver = CheckingResolver(Guard(), inner)
    assert len(await resolver.resolve("good.example", 443)) == 2
    await resolver.close()
    assert inner.closed


def test_the_socket_factory_opens_only_what_may_be_dialled() -> None:
    opened: list[tuple[int, int, int]] = []
    spare = socket.socket()

    def record(family: int, kind: int, protocol: int) -> socket.socket:
        opened.append((family, kind, protocol))
        return spare

    guard = Guard()
    for address in NOT_GLOBAL:
        with pytest.raises(AddressError):
            guard.socket_factory(_info(address), record)
    assert opened == []
    for address in GLOBAL:
        assert guard.socket_factory(_info(address), record) is spare
    assert len(opened) == len(GLOBAL)
    spare.close()


def _info(address: str) -> tuple[int, int, int, str, tuple[str, int]]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 80))


async def test_a_name_that_changes_its_answer_is_caught_at_the_socket() -> None:
    async with Web() as web:
        rebound = Answers("127.0.0.1")  # what a checking resolver would have refused, unchecked
        connector = aiohttp.TCPConnector(resolver=rebound, socket_factory=Guard().socket_factory)
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await session.get(web.url("/", host="rebound.example"))
        assert isinstance(caught.value.os_error, AddressError)
        assert web.asked == []


async def test_an_allowed_loopback_is_dialled() -> None:
    async with Web() as web:
        web.page("/", b"hello")
        factory = Guard(LOOPBACK).socket_factory
        connector = aiohttp.TCPConnector(socket_factory=factory)
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.get(web.url()) as answer,
        ):
            assert await answer.read() == b"hello"


async def test_a_name_is_checked_before_a_proxy_gets_it() -> None:
    guard = Guard()
    await guard.check_name("good.example", Answers("93.184.216.34"))
    for host, answers in [
        ("bad.example", Answers("93.184.216.34", "192.168.0.9")),
        ("0x7f000001", Answers("93.184.216.34")),
        ("printer", Answers()),
        ("vault.internal", Answers()),
        ("wiki.local.", Answers()),
    ]:
        with pytest.raises(AddressError):
            await guard.check_name(host, answers)


async def test_a_name_only_the_proxy_can_resolve_is_handed_over() -> None:
    await Guard().check_name("riodoce.mx", Answers())
