from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import FetchError
from watchers.decode import Decoder

TEXT = b"<rss>" + b"the general was released; " * 400 + b"</rss>"
LIMIT = 10_000_000


def decoded(
    data: bytes, encoding: str = "", *, limit: int = LIMIT, step: int = 0
) -> tuple[bytes, bool]:
    decoder = Decoder("example.org", encoding, limit)
    step = step or max(len(data), 1)
    for start in range(0, len(data), step):
        decoder.feed(data[start : start + step])
    return decoder.finish()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("step", [0, 1, 7])
@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("deflate", TEXT),
        ("gzip", TEXT),
        ("", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:])),
        ("gzip", gzip.compress(TEXT) + b"\0\0\0 padding"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_body_comes_out_whole_whatever_it_is_called(
    encoding: str, data: bytes, step: int
) -> None:
    assert decoded(data, encoding, step=step) == (TEXT, False)


def test_an_empty_body_is_empty() -> None:
    assert decoded(b"", "gzip") == (b"", False)
    assert decoded(b"<", "deflate") == (b"<", False)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_cut_body_is_said_to_be_cut(encoding: str) -> None:
    packed = gzip.compress(TEXT) if encoding == "gzip" else zlib.compress(TEXT)
    body, cut = decoded(packed[:-12], encoding)
    assert cut
    assert TEXT.startswith(body)


def test_a_damaged_body_keeps_what_came_before_the_damage() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-5] ^= 0xFF
    body, cut = decoded(bytes(packed), "gzip")
    assert cut
    assert TEXT.startswith(body)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate])
def test_a_bomb_is_not_unpacked(pack) -> None:
    bomb = pack(bytes(50_000_000))
    with pytest.raises(FetchError, match="unpack"):
        decoded(bomb, "deflate", limit=100_000_000, step=4096)
    with pytest.raises(FetchError, match=r"more than 2 MB.*max_bytes"):
        decoded(bomb, "deflate", limit=2_000_000)


def test_a_body_beyond_the_limit_is_refused() -> None:
    with pytest.raises(FetchError, match="max_bytes"):
        decoded(TEXT, limit=len(TEXT) - 1)
    assert decoded(TEXT, limit=len(TEXT)) == (TEXT, False)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "x" * 200])
def test_an_encoding_nobody_asked_for_is_refused_in_a_sentence(encoding: str) -> None:
    with pytest.raises(FetchError, match="not asked for"):
        Decoder("example.org", encoding, LIMIT)


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "deflate"]), st.integers(1, 40))
def test_no_bytes_break_the_decoder(data: bytes, encoding: str, step: int) -> None:
    body, cut = decoded(data, encoding, step=step)
    assert isinstance(body, bytes)
    assert isinstance(cut, bool)
