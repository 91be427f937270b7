from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web as aioweb
from aiohttp.abc import AbstractResolver, ResolveResult

from model import FetchError
from tests.fakes import LOOPBACK, Clock, RawWeb, Web
from watchers.answer import Request
from watchers.fetch import (
    Fetched,
    Fetcher,
    FetchRules,
    RefusedError,
    UnreachableError,
    user_agent,
)
from watchers.turns import HostParkedError

NOW = Clock().now
BODY = b"<rss><channel><title>news</title></channel></rss>"


def rules(**fields: Any) -> FetchRules:
    given: dict[str, Any] = {"host_gap": 0.0, "allow_networks": LOOPBACK, "timeout": 5.0}
    return FetchRules(**{**given, **fields})


class Everywhere(AbstractResolver):
    """Finds every name on loopback."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(rules(), resolver=Everywhere()) as one:
        yield one


async def fetch(fetcher: Fetcher, url: str, **headers: str) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await fetcher.fetch(Request(url, named), NOW)


async def test_an_answer_comes_with_its_header_fields(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/feed", BODY, ETag='"1"', Content_Type="application/rss+xml; charset=utf-8")
    fetched = await fetch(fetcher, url)
    assert fetched.answer.body == BODY
    assert fetched.answer.status == 200
    assert fetched.answer.url == url
    assert fetched.answer.headers["etag"] == '"1"'
    assert fetched.answer.charset == "utf-8"
    assert fetched.answer.at == NOW
    assert not fetched.answer.cut
    assert fetched.moved_to == ""


async def test_the_reader_says_who_it_is_and_how_to_reach_its_operator(web: Web) -> None:
    agent = user_agent("1.0", "desk@example.org")
    async with Fetcher(rules(user_agent=agent)) as fetcher:
        await fetch(fetcher, web.page("/feed", BODY))
    sent = web.asked[0].headers
    assert sent["User-Agent"] == "vigil/1.0 (feed reader; contact: desk@example.org)"
    assert sent["Accept-Encoding"] == "gzip, deflate"
    assert "If-Modified-Since" not in sent
    assert "\n" not in user_agent("1", "a\nb\r\x00é")


async def test_unchanged_is_an_answer_without_a_body(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/feed", BODY, ETag='"1"')
    fetched = await fetch(fetcher, url, If_None_Match='"1"')
    assert (fetched.answer.status, fetched.answer.body) == (304, b"")


async def test_a_304_nobody_asked_for_is_no_answer(web: Web, fetcher: Fetcher) -> None:
    with pytest.raises(RefusedError, match="304 Not Modified although nothing was known"):
        await fetch(fetcher, web.page("/feed", status=304))


async def test_cookies_are_not_kept(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/feed", BODY, Set_Cookie="id=1; Path=/")
    await fetch(fetcher, url)
    await fetch(fetcher, url)
    assert "Cookie" not in web.asked[1].headers


async def test_connections_are_used_again(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/feed", BODY)
    for _ in range(3):
        await fetch(fetcher, url)
    peers = {request.transport.get_extra_info("peername") for request in web.asked}
    assert len(peers) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "127.0.0.1:{port} answered 403 Forbidden: it refuses automatic readers."),
        (401, "127.0.0.1:{port} answered 401 Unauthorized: it wants a login."),
        (404, "127.0.0.1:{port} answered 404 Not Found: there is nothing at this address."),
        (410, "127.0.0.1:{port} answered 410 Gone: this address is gone for good."),
        (503, "127.0.0.1:{port} answered 503 Service Unavailable: it has trouble of its own."),
        (418, "127.0.0.1:{port} answered 418 I'm a Teapot."),
        (299, "127.0.0.1:{port} answered 299."),
        (204, "127.0.0.1:{port} answered 204 No Content."),
        (302, "127.0.0.1:{port} answered 302 Found without saying where to."),
    ],
)
async def test_a_refusal_is_said_in_a_sentence(
    web: Web, fetcher: Fetcher, status: int, said: str
) -> None:
    url = web.page("/feed", b"", status=status, Retry_After="7")
    with pytest.raises(RefusedError) as caught:
        await fetch(fetcher, url)
    assert str(caught.value) == said.format(port=web.port)
    assert caught.value.status == status
    assert caught.value.headers["retry-after"] == "7"


async def test_a_host_that_says_429_is_left_alone(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/a", b"", status=429, Retry_After="120")
    other = web.page("/b", BODY)
    with pytest.raises(RefusedError, match="less often"):
        await fetch(fetcher, url)
    with pytest.raises(HostParkedError) as caught:
        await fetch(fetcher, other)
    assert 110 < caught.value.seconds <= 120
    assert 110 < fetcher.parked(other) <= 120
    assert fetcher.parked("http://[bad") == 0
    assert web.paths() == ["/a"]


async def test_a_temporary_redirect_is_followed_and_forgotten(web: Web, fetcher: Fetcher) -> None:
    web.page("/new", BODY)
    for status in (302, 303, 307):
        url = web.page("/old", b"", status=status, Location="/new")
        fetched = await fetch(fetcher, url)
        assert fetched.answer.body == BODY
        assert fetched.answer.url == web.url("/new")
        assert fetched.moved_to == ""


async def test_a_permanent_redirect_is_noted(web: Web, fetcher: Fetcher) -> None:
    web.page("/new", BODY)
    for status in (301, 308):
        url = web.page("/old", b"", status=status, Location=web.url("/new#part"))
        assert (await fetch(fetcher, url)).moved_to == web.url("/new")


async def test_only_the_permanent_beginning_of_a_chain_moves(web: Web, fetcher: Fetcher) -> None:
    web.page("/3", BODY)
    web.page("/2", b"", status=302, Location="/3")
    url = web.page("/1", b"", status=301, Location="/2")
    fetched = await fetch(fetcher, url)
    assert fetched.answer.url == web.url("/3")
    assert fetched.moved_to == web.url("/2")


async def test_a_circle_of_redirects_ends(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/loop", b"", status=302, Location="/loop")
    with pytest.raises(FetchError, match="redirects again and again"):
        await fetch(fetcher, url)
    assert len(web.asked) < 10


@pytest.mark.parametrize("where", ["ftp://example.org/", "javascript:alert(1)", "http://[oops"])
async def test_a_redirect_to_nowhere_is_refused(web: Web, fetcher: Fetcher, where: str) -> None:
    url = web.page("/old", b"", status=302, Location=where)
    with pytest.raises(FetchError, match="redirects to"):
        await fetch(fetcher, url)


async def test_a_redirect_to_a_private_address_is_refused() -> None:
    async with Web() as inner, Web("127.0.0.2") as outer:
        secret = inner.page("/secret", b"secret")
        url = outer.page("/feed", b"", status=302, Location=secret)
        async with Fetcher(rules(allow_networks=("127.0.0.2/32",))) as fetcher:
            with pytest.raises(FetchError, match=r"127\.0\.0\.1 is this machine itself"):
                await fetch(fetcher, url)
        assert inner.asked == []


async def test_credentials_stay_with_the_host_they_were_given_for(
    web: Web, fetcher: Fetcher
) -> None:
    web.page("/new", BODY)
    elsewhere = web.url("/new", host="elsewhere.example")
    url = web.page("/old", b"", status=302, Location=elsewhere)
    await fetch(fetcher, url, Authorization="Token s3cret", Accept="text/xml")
    assert web.asked[0].headers["Authorization"] == "Token s3cret"
    assert "Authorization" not in web.asked[1].headers
    assert web.asked[1].headers["Accept"] == "text/xml"
    with_name = url.replace("http://", "http://user:pass@")
    await fetch(fetcher, with_name)
    assert "Authorization" in web.asked[2].headers
    assert "Authorization" not in web.asked[3].headers


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f000001", "①②⑦.0.0.1", "127。0。0。1", "2130706433"]
)
async def test_a_private_address_is_not_dialled(web: Web, host: str) -> None:
    async with Fetcher(rules(allow_networks=())) as fetcher:
        with pytest.raises(FetchError, match="allow_networks"):
            await fetch(fetcher, f"http://{host}:{web.port}/")
    assert web.asked == []


async def test_compressed_answers_are_unpacked(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/feed", gzip.compress(BODY), Content_Encoding="gzip")
    assert (await fetch(fetcher, url)).answer.body == BODY


async def test_a_cut_gzip_with_the_right_length_is_said_to_be_cut(
    web: Web, fetcher: Fetcher
) -> None:
    url = web.page("/feed", gzip.compress(BODY * 50)[:-20], Content_Encoding="gzip")
    fetched = await fetch(fetcher, url)
    assert fetched.answer.cut


async def test_a_body_shorter_than_announced_is_said_to_be_cut(fetcher: Fetcher) -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + BODY
    async with RawWeb(said) as web:
        fetched = await fetch(fetcher, web.url())
    assert fetched.answer.cut
    assert fetched.answer.body == BODY


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_a_sentence(web: Web, encoding: str) -> None:
    packer = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    bomb = packer.compress(bytes(60_000_000)) + packer.flush()
    url = web.page("/feed", bomb, Content_Encoding=encoding)
    async with Fetcher(rules(max_bytes=50_000_000)) as fetcher:
        with pytest.raises(FetchError, match="no feed is like that"):
            await fetch(fetcher, url)


async def test_an_endless_body_is_a_sentence(web: Web) -> None:
    async def endless(request: aioweb.Request) -> aioweb.StreamResponse:
        response = aioweb.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    url = web.program("/feed", endless)
    async with Fetcher(rules(max_bytes=1_000_000)) as fetcher:
        with pytest.raises(FetchError, match=r"more than 1 MB"):
            await fetch(fetcher, url)


async def test_brotli_nobody_asked_for_is_a_sentence(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/feed", b"\x0b\x02\x80", Content_Encoding="br")
    with pytest.raises(FetchError, match="'br', which was not asked for"):
        await fetch(fetcher, url)


async def test_a_server_that_never_answers_is_a_sentence() -> None:
    async with RawWeb(b"HTTP/1.1 200 OK\r\n", hang=True) as web, Fetcher(rules(timeout=0.2)) as one:
        with pytest.raises(UnreachableError, match=r"did not answer within 0\.2 seconds"):
            await fetch(one, web.url())


async def test_a_body_that_never_ends_is_a_sentence() -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss>"
    async with RawWeb(said, hang=True) as web, Fetcher(rules(timeout=0.2)) as fetcher:
        with pytest.raises(UnreachableError, match="did not answer within"):
            await fetch(fetcher, web.url())


async def test_what_is_not_http_is_a_sentence(fetcher: Fetcher) -> None:
    async with RawWeb(b"SSH-2.0-OpenSSH_9.2\r\n\r\n") as web:
        with pytest.raises(FetchError, match="not proper HTTP"):
            await fetch(fetcher, web.url())


async def test_a_hang_up_is_a_sentence(fetcher: Fetcher) -> None:
    async with RawWeb(b"") as web:
        with pytest.raises(UnreachableError, match="closed the connection without an answer"):
            await fetch(fetcher, web.url())


async def test_a_closed_port_is_a_sentence(fetcher: Fetcher) -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
        with pytest.raises(UnreachableError, match=r"can't be reached \(.*connect"):
            await fetch(fetcher, f"http://127.0.0.1:{port}/")


async def test_a_server_without_tls_is_a_sentence(web: Web, fetcher: Fetcher) -> None:
    url = web.page("/feed", BODY).replace("http://", "https://")
    with pytest.raises(UnreachableError, match="No safe connection to"):
        await fetch(fetcher, url)


async def test_an_unknown_name_is_a_sentence() -> None:
    class Nowhere(Everywhere):
        async def resolve(self, *args: Any, **kwargs: Any) -> list[ResolveResult]:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with Fetcher(rules(), resolver=Nowhere()) as fetcher:
        with pytest.raises(UnreachableError, match=r"No address is known for riodoce\.mx"):
            await fetch(fetcher, "http://riodoce.mx/feed")


@pytest.mark.parametrize(
    "address", ["", "riodoce.mx", "ftp://riodoce.mx/", "http://", "http://[::"]
)
async def test_what_is_no_address_is_a_sentence(fetcher: Fetcher, address: str) -> None:
    with pytest.raises(FetchError, match="no address to ask"):
        await fetch(fetcher, address)


async def test_a_proxy_gets_the_whole_address(web: Web) -> None:
    async def relay(request: aioweb.Request) -> aioweb.StreamResponse:
        return aioweb.Response(body=BODY)

    web.program("/feed", relay)
    async with Fetcher(rules(proxy=web.url(), allow_networks=()), resolver=Public()) as fetcher:
        fetched = await fetch(fetcher, "http://riodoce.mx/feed")
    assert fetched.answer.body == BODY
    assert web.asked[0].headers["Host"] == "riodoce.mx"


async def test_a_proxy_is_not_asked_for_a_private_address(web: Web) -> None:
    for proxy in (web.url(), web.url().replace("http://", "socks5://")):
        async with Fetcher(rules(proxy=proxy, allow_networks=())) as fetcher:
            with pytest.raises(FetchError, match="allow_networks"):
                await fetch(fetcher, "http://127.0.0.1:9/")
    assert web.asked == []


async def test_a_proxy_that_is_down_is_a_sentence() -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
        for scheme in ("http", "socks5"):
            proxy = f"{scheme}://127.0.0.1:{port}"
            async with Fetcher(rules(proxy=proxy), resolver=Public()) as fetcher:
                with pytest.raises(UnreachableError, match="proxy"):
                    await fetch(fetcher, "http://riodoce.mx/feed")


class Public(Everywhere):
    """Finds every name at a public address, which a proxy alone would dial."""

    async def resolve(self, *args: Any, **kwargs: Any) -> list[ResolveResult]:
        (one,) = await super().resolve(*args, **kwargs)
        return [{**one, "host": "93.184.216.34"}]
