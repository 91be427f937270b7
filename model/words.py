"""Words: how rooms below bot say things in a reader's language without knowing catalogues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from model.mention import Reason
from model.message import Message


class Words(Protocol):
    """One language's catalogue. Sentences are found by code ("alert.why"); `{name}` in a
    sentence is filled from the keyword arguments. bot loads it and hands it down.
    """

    @property
    def language(self) -> str:
        """The language's code ("en")."""

    def say(self, code: str, /, **args: object) -> str:
        """Return the plain sentence for `code`; a number named `n` picks the plural."""

    def write(self, code: str, /, **args: object) -> Message:
        """Return the sentence with its Marks: the catalogue's own <b> <i> <code> <quote> become
        Marks, arguments are inserted as they are and can bring Marks only as Messages.
        """

    def reason(self, reason: Reason) -> str:
        """Return a Mention's reason in words."""

    def day(self, at: datetime) -> str:
        """Return a date as people write it here ("18 November 2020")."""

    def moment(self, at: datetime) -> str:
        """Return date and time ("18 Nov 2020, 18:51 UTC")."""

    def language_name(self, code: str) -> str:
        """Return what a language is called here ("es": "Spanish"); unknown codes as they are."""

    def listed(self, texts: Sequence[str]) -> str:
        """Return an enumeration ("a, b and c")."""

    def length(self, seconds: float) -> str:
        """Return a length of time in its two largest units ("12 min", "1 h 55 min", "2 days")."""
