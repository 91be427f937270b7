"""Undoes a body's content encoding piece by piece, and stops at a bomb."""

from __future__ import annotations

import zlib

from model import FetchError

_GZIP_MAGIC = b"\x1f\x8b"
_RATIO_MAX = 200
_RATIO_FROM = 1_000_000
"""Decoded bytes from which the ratio is looked at: a tiny document may well shrink a lot."""
_PIECE = 1 << 18
"""Decoded bytes between two looks at the caps."""
_KNOWN = ("", "identity", "gzip", "x-gzip", "deflate")


class TooMuchError(FetchError):
    """The answer is larger than [polling] max_bytes allows."""


class Decoder:
    """Decodes gzip and deflate (zlib or raw) with a cap; passes everything else through.

    What a body is, its first bytes say: servers name gzip and send plain text, or send gzip
    and name nothing.
    """

    def __init__(self, host: str, encoding: str, max_bytes: int) -> None:
        """Expect `encoding` (the Content-Encoding field) from `host`, and at most `max_bytes`
        decoded. FetchError when the encoding is one that was never asked for.
        """
        self._host = host
        self._encoding = encoding.strip().lower()
        if self._encoding not in _KNOWN:
            raise FetchError(
                f"{host} answered in the encoding {self._encoding[:40]!r}, which was not asked for."
            )
        self._max_bytes = max_bytes
        self._wire = 0
        self._size = 0
        self._parts: list[bytes] = []
        self._head = b""
        self._begun = False
        self._inflater: zlib._Decompress | None = None
        self._damaged = False
        self._beyond = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes off the wire. FetchError when it grows too large."""
        self._wire += len(data)
        if self._wire > self._max_bytes:
            raise self._too_large()
        if self._begun:
            self._take(data)
            return
        self._head += data
        if len(self._head) >= 2:
            self._begin()

    def finish(self) -> tuple[bytes, bool]:
        """Return the decoded body, and whether it was cut short or damaged."""
        if not self._begun:
            self._begin()
        cut = self._damaged or (self._inflater is not None and not self._inflater.eof)
        return b"".join(self._parts), cut

    def _begin(self) -> None:
        self._begun = True
        head, self._head = self._head, b""
        if head.startswith(_GZIP_MAGIC):
            self._inflater = zlib.decompressobj(wbits=31)
        elif self._encoding == "deflate" and head:
            is_zlib = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
            if is_zlib or not _looks_plain(head):
                self._inflater = zlib.decompressobj(wbits=15 if is_zlib else -15)
        self._take(head)

    def _take(self, data: bytes) -> None:
        if self._inflater is None:
            self._keep(data)
            return
        data, self._beyond = self._beyond + data, b""
        while data and not self._damaged:
            if self._inflater.eof:
                if len(data) < len(_GZIP_MAGIC):
                    self._beyond = data
                    return
                if not data.startswith(_GZIP_MAGIC):
                    return  # padding after the end
                self._inflater = zlib.decompressobj(wbits=31)
            data = self._inflate(self._inflater, data)

    def _inflate(self, inflater: zlib._Decompress, data: bytes) -> bytes:
        """Decode a piece of `data` and return what is left of it."""
        try:
            self._keep(inflater.decompress(data, _PIECE))
        except zlib.error:
            self._damaged = True
            return b""
        return inflater.unused_data if inflater.eof else inflater.unconsumed_tail

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        self._parts.append(part)
        if self._size > self._max_bytes:
            raise self._too_large()
        if self._size > _RATIO_FROM and self._size > _RATIO_MAX * self._wire:
            raise FetchError(
                f"{self._host} sent {self._wire} bytes that unpack to more than {self._size}: "
                "no feed is like that, so it was not read."
            )

    def _too_large(self) -> TooMuchError:
        return TooMuchError(
            f"{self._host} sent more than {self._max_bytes / 1e6:g} MB; "
            "to read it all the same, raise [polling] max_bytes."
        )


def _looks_plain(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"")
