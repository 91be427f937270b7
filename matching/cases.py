"""Docket numbers in every form courts and papers write them, and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from matching.reading import Reading
from matching.text import HYPHENS

_DASH = "[" + re.escape(HYPHENS) + "]"
_TYPES = {
    "cr": "cr",
    "crim": "cr",
    "criminal": "cr",
    "cv": "cv",
    "civ": "cv",
    "civil": "cv",
    "mj": "mj",
    "mag": "mj",
    "mc": "mc",
    "misc": "mc",
    "md": "md",
    "mdl": "md",
    "bk": "bk",
    "ap": "ap",
    "po": "po",
    "sw": "sw",
    "gj": "gj",
    "adv": "ap",
    "cm": "cm",
    "pt": "pt",
    "tp": "tp",
    "ml": "ml",
}
SUFFIX = re.compile(rf"(?:{_DASH}(?:[A-Za-z]{{2,4}}|\d{{1,3}})\b)*")
"""What may follow a number: judges' initials, a defendant's number."""
_TYPE = "|".join(sorted(_TYPES, key=len, reverse=True))
NUMBER = re.compile(
    rf"""(?ix) (?<![\w:]) (?<!\d{_DASH}) (?<!\d[./])
    (?: (?:(?P<office>\d{{1,2}}):)? (?P<year>(?:19|20)\d{{2}}|\d{{2}}) (?:{_DASH}|[ ]|(?=[a-z]))
        (?P<type>{_TYPE}) (?:{_DASH}|\.?[ ]?(?:no\.?[ ])?|\.) 0* (?P<number>\d{{1,6}})
      | (?P<type2>cr|cv|crim|civ)\.?(?:{_DASH}|[ ])(?:no\.?[ ])?
        (?P<year2>(?:19|20)\d{{2}}|\d{{2}}){_DASH} 0*(?P<number2>\d{{1,6}})
      | (?P<year3>\d{{2}}) {_DASH} 0*(?P<number3>\d{{1,5}})
        (?=\s?\((?P<judge>[A-Z]{{2,4}})\)(?:\s?\([A-Z]{{2,4}}\))?)
    ) (?!\d) (?!{_DASH}\d{{3,}}) (?!:\d)"""
)
_LED = re.compile(
    rf"(?i)\b(?P<kind>criminal|civil|crim\.?|cr\.?|civ\.?)?\s?(?:docket|dkt\.?|case)(?:\s(?:no|number|nos)\b\.?)?\s"
    rf"(?P<year>\d{{2}}|\d{{4}}){_DASH}0*(?P<number>\d{{1,5}})(?!\d)(?!{_DASH}\d)"
)


class DocketNumber(NamedTuple):
    """A docket number, bare of padding and judges' initials. Empty: not written."""

    office: str
    year: str
    type: str
    number: str

    @property
    def normal(self) -> str:
        """The number as it is printed here: "1:19-cr-00366", "19-cr-00366", "19-366"."""
        office = f"{self.office}:" if self.office else ""
        kind = f"{self.type}-" if self.type else ""
        serial = f"{int(self.number):05d}" if self.type else self.number
        return f"{office}{self.year}-{kind}{serial}"

    def agrees(self, other: DocketNumber) -> bool:
        """Whether both can be the same case of one court."""
        if self.year != other.year or self.number != other.number:
            return False
        if self.type and other.type and self.type != other.type:
            return False
        return not (self.office and other.office and self.office != other.office)


@dataclass(frozen=True, slots=True)
class Found:
    """A docket number in a text."""

    docket: DocketNumber
    start: int
    end: int
    figures: int
    """Where the number itself begins, after "Civ. No."."""


def parse_docket(text: str) -> DocketNumber | None:
    """Return the docket number that `text` is, with or without judges' initials; None if none."""
    for found in dockets(text.strip()):
        rest = text.strip()[found.end :]
        if found.start <= 24 and not re.search(r"\d{3}", rest):
            head = text.strip()[: found.start].lower().strip(" .:#")
            if head in {"", "case", "case no", "no", "docket", "docket no", "criminal docket no"}:
                return found.docket
    return None


_BARE = re.compile(
    rf"(?i)\s*(?:(?:no|case|docket)\.?\s+)*(\d{{2}}){_DASH}(\d{{1,6}})(?:{_DASH}[a-z]{{2,4}})*\s*"
)
"""As courts of appeals and bankruptcy courts number: year and number alone."""


def normal_number(text: str) -> str:
    """Return a docket number as it is printed here ("1:19-cr-00366", "19-cr-00366", "22-1298"),
    without judges' initials or a defendant's number; empty when `text` is none.
    """
    found = parse_docket(text)
    if found is not None:
        return found.normal
    bare = _BARE.fullmatch(text)
    return f"{bare[1]}-{bare[2]}" if bare else ""


def same_number(one: str, other: str) -> bool:
    """Return whether two docket numbers can be the same case of one court: offices, types and
    initials that only one of them has tell nothing.
    """
    first, second = parse_docket(one), parse_docket(other)
    if first is None or second is None:
        return normal_number(one) == normal_number(other) != ""
    return first.agrees(second)


_HINT = re.compile(rf"(?i)\d\d(?:(?:{_DASH}|[ ])?(?:{_TYPE})|{_DASH}\d)")
"""What every docket number has somewhere: cheap to look for."""


def dockets(text: str) -> Iterator[Found]:
    """Yield every docket number in `text`."""
    if _HINT.search(text) is None:
        return
    for match in NUMBER.finditer(text):
        yield Found(_docket(match), match.start(), _end(match), _figures(match))
    for match in _LED.finditer(text):
        kind = (match["kind"] or "").lower().rstrip(".")
        docket = DocketNumber("", match["year"][-2:], _TYPES.get(kind, ""), match["number"])
        yield Found(docket, match.start("year"), match.end("number"), match.start("year"))


def _docket(match: re.Match[str]) -> DocketNumber:
    if match["number"]:
        kind = _TYPES[match["type"].lower()]
        return DocketNumber(match["office"] or "", match["year"][-2:], kind, match["number"])
    if match["number2"]:
        return DocketNumber(
            "", match["year2"][-2:], _TYPES[match["type2"].lower()], match["number2"]
        )
    return DocketNumber("", match["year3"], "", match["number3"])


def _figures(match: re.Match[str]) -> int:
    if match["number2"] and "no" in match.group()[: match.start("year2") - match.start()].lower():
        return match.start("year2")
    return match.start()


def _end(match: re.Match[str]) -> int:
    group = next(name for name in ("number", "number2", "number3") if match[name])
    return match.end(group)


_VERSUS = re.compile(r"(?i)\s+(?:v|vs|versus|contra)\b\.?\s+|\s+-v-\s+")
_STATES = frozenset(
    [
        "usa",
        "us",
        "unitedstates",
        "unitedstatesofamerica",
        "theunitedstates",
        "theunitedstatesofamerica",
    ]
)
_UNITED = re.compile(
    r"(?i)(?<!\w)(?:the\s+)?(?:united\s+states(?:\s+of\s+america)?|u\.\s?s\.(?:\s?a\.)?|u\.s|usa|us)\s*$"
)


def split_caption(text: str) -> tuple[str, str] | None:
    """Return the two parties of a caption; None when it is none."""
    parts = _VERSUS.split(text, maxsplit=1)
    if len(parts) != 2 or not parts[0].strip() or not parts[1].strip():
        return None
    defendant = re.sub(r"(?i),?\s+et\s+al\.?$", "", parts[1].strip())
    return parts[0].strip(), defendant


def is_united_states(party: str) -> bool:
    """Whether a party is the United States, however written."""
    return re.sub(r"[\W_]", "", party.lower()) in _STATES


def united_states_before(reading: Reading, end: int) -> int | None:
    """Return where "United States" begins if it stands right before `end`; else None."""
    match = _UNITED.search(reading.text, max(0, end - 40), end)
    return match.start() if match else None
