"""A crowd to watch and news to look through: names of many countries, items of 400 letters.

The names are faker's alone. The package names-dataset knows more, but holds 1.9 GB of memory and
takes ten seconds before the first name is drawn, beside figures that are about megabytes.
"""

from __future__ import annotations

import html
import importlib
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from model import Item, Watch, WatchKind

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "feeds"
LETTERS = 400
"""Of one item, about."""

SHAPES = {
    "es_MX": "GSS GGSS GS", "es_ES": "GSS GSS GS", "es_CO": "GSS GGSS", "es_AR": "GS GGS",
    "pt_BR": "GSS GGSS GS", "pt_PT": "GSS GS", "en_US": "GS GGS GS", "en_GB": "GS GGS",
    "en_IN": "GS", "en_NG": "GS", "fr_FR": "GS", "de_DE": "GS", "it_IT": "GS", "nl_NL": "GS",
    "pl_PL": "GS", "cs_CZ": "GS", "hu_HU": "SG", "ro_RO": "GS", "tr_TR": "GS", "sv_SE": "GS",
    "no_NO": "GS", "da_DK": "GS", "fi_FI": "GS", "id_ID": "GS",
    "ru_RU": "GS", "uk_UA": "GS", "bg_BG": "GS", "el_GR": "GS", "ar_SA": "GS", "fa_IR": "GS",
    "he_IL": "GS", "hi_IN": "GS", "th_TH": "GS", "zh_CN": "sg", "ja_JP": "sg", "ko_KR": "sg",
}  # fmt: skip
"""How names are put together: G given name, S surname; in small letters without a space."""
HEAVY = {"es_MX": 9, "es_ES": 4, "es_CO": 4, "pt_BR": 5, "en_US": 9, "en_GB": 3, "ru_RU": 2}
"""Where most of the people are that such programs follow."""
_FIRMS = ("Holdings", "Shipping", "Capital", "Trading", "Logistics", "Mining", "Partners", "Energy")
_FORMS = ("Ltd", "LLC", "Inc", "S.A.", "GmbH", "S.A. de C.V.")
_BODY = re.compile(
    r"<(description|summary|content|content:encoded)(?: [^>]{0,300})?>(.{1,20000}?)</\1>",
    re.DOTALL,
)
_ENTRY = re.compile(r"<(item|entry)[ >](.{1,40000}?)</\1>", re.DOTALL)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{1,2000}?)</title>", re.DOTALL)
_TAG = re.compile(r"<[^>]{0,2000}>|\s+")


def watches(number: int, seed: int = 7) -> Iterator[Watch]:
    """Yield `number` Watches, no two of one name: persons mostly, one in ten with an alias, one in
    twenty an organisation, a vessel or a case. Needs the package faker.
    """
    chance = random.Random(seed)
    countries = list(SHAPES)
    weights = [HEAVY.get(country, 1) for country in countries]
    seen: set[str] = set()
    while len(seen) < number:
        country = chance.choices(countries, weights)[0]
        name, kind = _name(country, chance)
        if name in seen:
            continue
        seen.add(name)
        alias = (_name(country, chance)[0],) if chance.random() < 0.1 else ()
        yield Watch(name, kind=kind, aliases=alias, id=len(seen))


def items(number: int, crowd: list[Watch], seed: int = 11) -> list[Item]:
    """Return `number` Items: real texts where ../shared has them, else made-up ones. Every fifth
    names somebody of the crowd.
    """
    chance = random.Random(seed)
    texts = list(_real_texts()) or [_made_up(chance, crowd) for _ in range(2000)]
    chance.shuffle(texts)
    found = []
    for at in range(number):
        text = texts[at % len(texts)]
        if not at % 5:
            place = text.find(" ", chance.randrange(len(text)) // 2)
            text = f"{text[:place]} {chance.choice(crowd).name}{text[place:]}"
        found.append(Item(key=str(at), title=text[:80], text=text[80:], id=at + 1))
    return found


def news(number: int, seed: int = 11) -> list[Item]:
    """Return at most `number` Items as real feeds have them, no two alike and nobody of the crowd
    put in: title and the longest text, together cut to 400 letters; shorter ones are left out.
    Empty where ../shared is absent.
    """
    found: dict[tuple[str, str], None] = {}
    for text in _documents():
        for entry in _ENTRY.finditer(text):
            title = _TITLE.search(entry[2])
            headline = _plain(title[1])[: LETTERS // 2] if title else ""
            bodies = [_plain(body[2]) for body in _BODY.finditer(entry[2])]
            summary = max(bodies, key=len, default="")[: LETTERS - len(headline)]
            if len(headline) + len(summary) > LETTERS // 2:
                found[headline, summary] = None
    kept = list(found)
    random.Random(seed).shuffle(kept)
    return [
        Item(key=str(at), title=title, summary=summary, id=at + 1)
        for at, (title, summary) in enumerate(kept[:number])
    ]


def _name(country: str, chance: random.Random) -> tuple[str, WatchKind]:
    given, surnames = _parts(country)
    odd = chance.random()
    if odd < 0.02:
        return f"{chance.choice(surnames)} {chance.choice(_FIRMS)} {chance.choice(_FORMS)}", (
            WatchKind.ORG
        )
    if odd < 0.035:
        return f"MV {chance.choice(given)} {chance.choice(surnames)}", WatchKind.VESSEL
    if odd < 0.05:
        number = (
            f"{chance.randrange(1, 5)}:{chance.randrange(10, 26)}-cr-{chance.randrange(2000):05}"
        )
        return number, WatchKind.CASE
    shape = chance.choice(SHAPES[country].split())
    parts = [chance.choice(given if sign in "Gg" else surnames) for sign in shape]
    return ("" if shape.islower() else " ").join(parts), WatchKind.PERSON


@cache
def _parts(country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the given names and the surnames faker knows of a country."""
    provider = importlib.import_module(f"faker.providers.person.{country}").Provider
    given = _listed(provider, "first_names", "first_names_male", "first_names_female")
    given += _listed(provider, "first_romanized_names") if not given else ()
    surnames = _listed(provider, "unisex_last_names")
    surnames = surnames or _listed(provider, "last_names", "last_names_male", "last_names_female")
    return tuple(dict.fromkeys(given)), tuple(dict.fromkeys(surnames))


def _listed(provider: object, *lists: str) -> tuple[str, ...]:
    found: list[str] = []
    for name in lists:
        for one in getattr(provider, name, ()):
            found.extend([one] if isinstance(one, str) else [part for part in one if part])
    return tuple(found)


def _documents() -> Iterator[str]:
    """Yield what real feeds are, as text."""
    for path in sorted(SHARED.rglob("*.*")) if SHARED.is_dir() else ():
        if path.suffix in {".xml", ".rss", ".atom"}:
            yield path.read_text("utf-8", errors="replace")


def _plain(markup: str) -> str:
    text = markup.replace("<![CDATA[", "").replace("]]>", "")
    return _TAG.sub(" ", html.unescape(html.unescape(text))).strip()


def _real_texts() -> Iterator[str]:
    """Yield pieces of what real feeds say."""
    for text in _documents():
        for found in _BODY.finditer(text):
            plain = _plain(found[2])
            for start in range(0, len(plain) - LETTERS // 2, LETTERS):
                yield plain[start : start + LETTERS]


def _made_up(chance: random.Random, crowd: list[Watch]) -> str:
    words = Path(__file__).parent.parent / "matching" / "data" / "ordinary.txt"
    common = [w for line in words.read_text("utf-8").splitlines() for w in line.split()]
    parts = [
        part for watch in chance.sample(crowd, min(20, len(crowd))) for part in watch.name.split()
    ]
    text = ""
    while len(text) < LETTERS:
        text += f"{chance.choice(parts if chance.random() < 0.12 else common)} "
    return text.strip()
