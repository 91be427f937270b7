"""The table of courts: what each is called, where its clocks stand, what its feed publishes."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).with_name("courts.toml")
_FEED = "https://ecf.{id}.uscourts.gov/cgi-bin/rss_outside.pl"
_POSTAL = {
    "alabama": "al", "alaska": "ak", "arizona": "az", "arkansas": "ar", "california": "ca",
    "colorado": "co", "connecticut": "ct", "delaware": "de", "florida": "fl", "georgia": "ga",
    "hawaii": "hi", "idaho": "id", "illinois": "il", "indiana": "in", "iowa": "ia",
    "kansas": "ks", "kentucky": "ky", "louisiana": "la", "maine": "me", "maryland": "md",
    "massachusetts": "ma", "michigan": "mi", "minnesota": "mn", "mississippi": "ms",
    "missouri": "mo", "montana": "mt", "nebraska": "ne", "nevada": "nv", "ohio": "oh",
    "oklahoma": "ok", "oregon": "or", "pennsylvania": "pa", "tennessee": "tn", "texas": "tx",
    "utah": "ut", "vermont": "vt", "virginia": "va", "washington": "wa", "wisconsin": "wi",
    "wyoming": "wy", "west virginia": "wv",
}  # fmt: skip
"""States whose Bluebook form is no pair of letters: courts are also called NDCA, SDTX, DMA."""
_LEAD = re.compile(
    r"^(?:(?:the|us|u s|united states|federal|district court|court|for|of|in) )+(?=\S)"
)
_DIVISION = re.compile(r"^(eastern|western|northern|southern|middle|central) district of (.+)$")


@dataclass(frozen=True, slots=True)
class Court:
    """A federal court of the United States."""

    id: str
    """As PACER and CourtListener call it ("nyed")."""
    name: str
    """"Eastern District of New York"."""
    short: str
    """The Bluebook's form ("E.D.N.Y.")."""
    zone: str
    """An IANA time zone: dates on its dockets are local ones."""
    feed: str = ""
    """Where its feed is; empty: it has none that is known."""
    covers: str = ""
    """What its feed publishes ("all", "opinions" …); empty: not known."""
    aliases: tuple[str, ...] = ()


def _read() -> dict[str, Court]:
    rows = tomllib.loads(_TABLE.read_text("utf-8"))
    return {
        id_: Court(
            id_,
            row["name"],
            row["short"],
            row["zone"],
            row.get("feed", _FEED.format(id=id_)),
            row.get("covers", ""),
            tuple(row.get("aliases", ())),
        )
        for id_, row in rows.items()
    }


COURTS: Mapping[str, Court] = _read()
"""Every court by its id."""


def find_court(text: str) -> list[Court]:
    """Return the courts that go by what somebody wrote: an id, a name, the Bluebook's form or a
    common abbreviation, in any case, spacing and punctuation. Usually one; empty: unknown.
    """
    names = _names()
    plain = _plain(text)
    for key in (plain, _LEAD.sub("", plain)):
        found = names.get(key.replace(" ", ""))
        if found:
            return [COURTS[id_] for id_ in found]
    return []


def nearest_court(text: str) -> Court | None:
    """Return the court that was probably meant; None when nothing comes near."""
    exact = find_court(text)
    if exact:
        return exact[0]
    near = difflib.get_close_matches(_plain(text).replace(" ", ""), _names(), 1, 0.75)
    return COURTS[_names()[near[0]][0]] if near else None


def court_at(host: str) -> Court | None:
    """Return the court whose host this is ("ecf.nyed.uscourts.gov")."""
    found = re.fullmatch(r"(?:ecf|ecf-train|www)\.([a-z0-9]+)\.uscourts\.gov", host.lower())
    return COURTS.get(found[1]) if found else None


def _plain(text: str) -> str:
    """Return lower-case words; points between letters vanish, everything else parts words."""
    joined = re.sub(r"['’.](?=\w)|\.", "", text.casefold())
    return " ".join(re.findall(r"\w+", joined))


@functools.cache
def _names() -> dict[str, tuple[str, ...]]:
    """Return the ids of the courts by every way to write them, letters only."""
    found: dict[str, list[str]] = {}
    for court in COURTS.values():
        for name in _ways(court):
            ids = found.setdefault(_plain(name).replace(" ", ""), [])
            if court.id not in ids:
                ids.append(court.id)
    return {key: tuple(ids) for key, ids in found.items()}


def _ways(court: Court) -> Iterator[str]:
    yield from (court.id, court.name, court.short, *court.aliases)
    plain = _plain(court.name)
    division = _DIVISION.match(plain)
    if division:
        side, state = division.groups()
        yield from (f"{state} {side}", f"{side} {state}", f"{side} district {state}")
        if state in _POSTAL:
            yield f"{side[0]}d{_POSTAL[state]}"
    elif plain.startswith("district of "):
        state = plain.removeprefix("district of ").removeprefix("the ")
        yield from (
            state,
            f"d {state}",
            f"{state} district",
            f"district of {state}",
            f"district {state}",
        )
        if state in _POSTAL:
            yield f"d{_POSTAL[state]}"
    if plain.startswith("bankruptcy court "):
        rest = plain.removeprefix("bankruptcy court ")
        yield from (f"bankruptcy court for the {rest}", f"{rest} bankruptcy court")
    if plain.startswith("court of appeals for the "):
        yield plain.removeprefix("court of appeals for the ")
        yield court.short.replace("Cir.", "Circuit")
