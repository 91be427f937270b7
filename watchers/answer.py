"""What is asked of a Source, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message

_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """One question: a GET of `url` with these headers besides the ones every request has."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""
    """What is sent along; a request with a body follows no redirect."""
    most: int = 0
    """Bytes of the answer at most, where that is less than [polling] max_bytes; 0: these."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, decoded from its transfer and content encodings, within the caps."""

    url: str
    """The address that answered, after redirects."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; fields sent twice are joined with ", "."""
    body: bytes = b""
    at: datetime = _NEVER
    """When it came (aware, UTC): dates in the body are believed or not against this."""
    cut: bool = False
    """The body ended before it should have (a cut gzip, fewer bytes than announced)."""

    @property
    def media(self) -> str:
        """The media type in lower case, without parameters; empty when none was sent."""
        return _content_type(self.headers)[0]

    @property
    def charset(self) -> str:
        """The charset the server names, in lower case; empty when it names none."""
        return _content_type(self.headers)[1]


@dataclass(frozen=True, slots=True)
class Link:
    """An address on a page that is, or may be, a feed."""

    url: str
    title: str = ""
    declared: bool = True
    """The page says that it is one; otherwise it only looks like one."""


@dataclass(frozen=True, slots=True)
class Article:
    """What an article's own page says. Texts are plain text, cleaned as an Item's are."""

    url: str = ""
    """Its canonical address, else the one that answered."""
    title: str = ""
    text: str = ""
    """Its paragraphs, one a line."""
    lang: str = ""
    published: str = ""
    """The date as the page writes it."""
    wall: str = ""
    """"login" or "paywall": the page stands in front of the article and is not it."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text in paragraphs."""
        return tuple(self.text.split("\n")) if self.text else ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What a court document shows."""

    pages: int
    picture: bytes = b""
    """Its first page as a PNG; empty where that can't be shown."""
    text: str = ""


def _content_type(headers: Mapping[str, str]) -> tuple[str, str]:
    """Split a Content-Type field as RFC 9110 §8.3 has it, forgiving what servers send."""
    sent = headers.get("content-type", "")
    if not sent:
        return "", ""
    field_value = Message()
    field_value["content-type"] = sent.replace("\r", " ").replace("\n", " ")
    media = sent.partition(";")[0].strip().lower()
    try:
        charset = field_value.get_content_charset("")
    except (LookupError, UnicodeError, ValueError):
        charset = ""
    return media, charset.strip()
