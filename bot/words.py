"""The catalogues: every sentence vigil says, found by its code, in one file a language and room.

A catalogue is a folder `words/<language>/` of gettext .po files whose msgid is a code
("alert.why") and whose msgstr is the sentence. It may hold `{placeholders}` (a literal brace is
doubled) and, for `write`, the tags <b> <i> <s> <code> <quote> <fold>. A sentence with a plural
has `msgid_plural` (the same code again) and is chosen by the argument `n`.
"""

from __future__ import annotations

import functools
import gettext
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from model.mention import Reason
from model.message import Mark, Message, Style, joined

FOLDER = Path(__file__).with_suffix("")
ENGLISH = "en"
_STYLES = {
    "b": Style.BOLD,
    "i": Style.ITALIC,
    "s": Style.STRIKE,
    "code": Style.CODE,
    "quote": Style.QUOTE,
    "fold": Style.FOLDED,
}
_TOKEN = re.compile(r"\{\{|\}\}|\{(\w+)\}|<(/?)(" + "|".join(_STYLES) + ")>")


_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of all that follows it."""


def straight(text: str) -> str:
    """Return `text` without what turns the direction of what is read: a person's or a chat's name
    may hold it, and would turn the sentence around.
    """
    return _TURNING.sub("", text)


class MissingWordsWarning(UserWarning):
    """A sentence has no entry in any catalogue, or lacks an argument it names."""


def languages() -> list[str]:
    """Return the codes of the languages there is a catalogue for."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


def load(language: str = ENGLISH) -> Catalogue:
    """Return the catalogue of a language ("es", "es-MX"); English where there is none."""
    code = language.replace("_", "-").split("-")[0].lower()
    return _load(code if code in languages() else ENGLISH)


@functools.cache
def _load(code: str) -> Catalogue:
    sentences = _read(FOLDER / code)
    if code != ENGLISH:
        sentences.add_fallback(_read(FOLDER / ENGLISH))
    return Catalogue(code, sentences)


def _read(folder: Path) -> gettext.GNUTranslations:
    """Return the sentences of every .po file in the folder. A new language is a new folder."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = None
    for path in sorted(folder.glob("*.po")):
        compiled = io.BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=folder.name))
        compiled.seek(0)
        part = gettext.GNUTranslations(compiled)
        if whole is None:
            whole = part
        else:
            whole.add_fallback(part)
    if whole is None:
        raise FileNotFoundError(f"{folder} holds no .po files; the installation is incomplete.")
    return whole


class Catalogue:
    """One language's sentences; implements `model.words.Words`.

    Arguments: a Message brings its Marks along; an int is written with this language's digit
    grouping ("2,318": pass years, ports and ids as str); a datetime as `moment`, a date as `day`.
    """

    def __init__(self, language: str, sentences: gettext.NullTranslations) -> None:
        """Take the language's code and its sentences, fallbacks already chained behind them."""
        self.language = language
        self._sentences = sentences

    def __contains__(self, code: object) -> bool:
        """Whether some catalogue has a sentence for `code`."""
        return isinstance(code, str) and self._find(code, 1) is not None

    def say(self, code: str, /, **args: object) -> str:
        """Return the plain sentence for `code`; a number named `n` picks the plural."""
        return self.write(code, **args).text

    def write(self, code: str, /, **args: object) -> Message:
        """Return the sentence for `code` with its Marks; arguments go in inert, and bring Marks
        only as Messages. An unknown code is said as it is, with a MissingWordsWarning.
        """
        number = args.get("n")
        sentence = self._find(code, number if isinstance(number, int) else None)
        if sentence is None:
            warnings.warn(f"No catalogue has {code!r}.", MissingWordsWarning, stacklevel=2)
            return Message(code)
        return _filled(sentence, {name: self._written(value) for name, value in args.items()})

    def reason(self, reason: Reason) -> str:
        """Return a Mention's reason in words: `reason.<code>` with its arguments as {0}, {1}…;
        {all} is the list of them and `n` their number.
        """
        args: dict[str, object] = {str(place): arg for place, arg in enumerate(reason.args)}
        return self.say(
            f"reason.{reason.code}", n=len(reason.args), all=self.listed(reason.args), **args
        )

    def day(self, at: datetime) -> str:
        """Return a date as people write it here ("18 November 2020"), in `at`'s own zone."""
        from babel.dates import format_date

        return format_date(at.date(), self.say("words.day"), locale=self.language)

    def moment(self, at: datetime) -> str:
        """Return date and time ("18 Nov 2020, 18:51 UTC"), in `at`'s own zone."""
        from babel.dates import format_datetime

        form = self.say("words.moment")
        return format_datetime(at, form, tzinfo=at.tzinfo, locale=self.language)

    def language_name(self, code: str) -> str:
        """Return what a language is called here ("es": "Spanish"); unknown codes as they are."""
        from babel import Locale

        parent = code.replace("_", "-").split("-")[0].lower()
        name: str = Locale.parse(self.language).languages.get(parent, code)
        return name

    def listed(self, texts: Sequence[str]) -> str:
        """Return an enumeration ("a, b and c")."""
        if len(texts) < 2:
            return "".join(texts)
        return self.say("words.list", most=", ".join(texts[:-1]), last=texts[-1])

    def length(self, seconds: float) -> str:
        """Return a length of time in its two largest units ("12 min", "1 h 55 min", "2 days")."""
        if seconds < 59.5:
            return self.say("words.seconds", n=max(0, round(seconds)))
        minutes = round(seconds / 60)
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        units = (("words.days", days), ("words.hours", hours), ("words.minutes", minutes))
        first = next(place for place, (_, count) in enumerate(units) if count)
        return " ".join(self.say(code, n=n) for code, n in units[first : first + 2] if n)

    def _find(self, code: str, number: int | None) -> str | None:
        if number is not None:
            plural = self._sentences.ngettext(code, code, number)
            if plural != code:
                return plural
        found = self._sentences.gettext(code)
        return found if found != code else None

    def _written(self, value: object) -> Message:
        match value:
            case Message():
                return value
            case bool() | str():
                return Message(straight(str(value)))
            case int() | float():
                from babel.numbers import format_decimal

                return Message(format_decimal(value, locale=self.language))
            case datetime():
                return Message(self.moment(value))
            case date():
                return Message(self.day(datetime(value.year, value.month, value.day)))  # noqa: DTZ001 - a date has no zone
            case _:
                return Message(str(value))


def _filled(sentence: str, args: dict[str, Message]) -> Message:
    """Return the sentence with its tags as Marks around the arguments they enclose."""
    parts: list[Message] = []
    marks: list[Mark] = []
    opened: list[tuple[str, int]] = []
    length = 0
    for kind, word in _tokens(sentence):
        if kind == "open":
            opened.append((word, length))
        elif kind == "close":
            if opened and opened[-1][0] == word:
                start = opened.pop()[1]
                marks += [Mark(_STYLES[word], start, length)] if start < length else []
        else:
            part = Message(word) if kind == "text" else _argument(word, args)
            parts.append(part)
            length += len(part.text)
    whole = joined(parts)
    return Message(whole.text, (*marks, *whole.marks))


def _argument(name: str, args: dict[str, Message]) -> Message:
    if name in args:
        return args[name]
    warnings.warn(f"A sentence needs {{{name}}}.", MissingWordsWarning, stacklevel=4)
    return Message(f"{{{name}}}")


def _tokens(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield ("text", …), ("argument", name), ("open", tag) and ("close", tag) in order."""
    at = 0
    for token in _TOKEN.finditer(sentence):
        if token.start() > at:
            yield "text", sentence[at : token.start()]
        at = token.end()
        name, slash, tag = token.groups()
        if tag:
            yield ("close" if slash else "open"), tag
        elif name:
            yield "argument", name
        else:
            yield "text", token.group()[0]
    if at < len(sentence):
        yield "text", sentence[at:]
