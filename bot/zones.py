"""Time zones as people say them: the city they live in, in their language, or their country."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

FOUND = 6
"""Zones that are offered for what somebody typed."""
_CITIES = {
    "America/New_York": "washington boston miami atlanta philadelphia brooklyn toronto montreal",
    "America/Chicago": "houston dallas austin minneapolis|san antonio|new orleans",
    "America/Los_Angeles": "seattle portland|san francisco|san diego|las vegas|silicon valley",
    "America/Mexico_City": "guadalajara puebla toluca veracruz acapulco|ciudad de mexico|cdmx",
    "America/Mazatlan": "culiacan|los mochis|cabo san lucas",
    "America/Bogota": "medellin cali cartagena barranquilla",
    "America/Sao_Paulo": "brasilia curitiba|rio de janeiro|belo horizonte|porto alegre",
    "America/Guayaquil": "quito cuenca",
    "Europe/Madrid": "barcelona sevilla valencia bilbao zaragoza malaga",
    "Europe/London": "manchester edinburgh glasgow birmingham cardiff",
    "Europe/Berlin": "munich munchen hamburg frankfurt cologne koln stuttgart",
    "Europe/Paris": "lyon marseille toulouse bordeaux",
    "Europe/Rome": "milan milano naples napoli turin torino palermo",
    "Europe/Zurich": "geneva geneve bern basel",
    "Asia/Kolkata": "mumbai bangalore chennai|new delhi|delhi",
    "Asia/Shanghai": "beijing shenzhen guangzhou",
    "Asia/Tokyo": "osaka kyoto",
}
"""Cities that many live in and no zone is called after; those of two words stand between bars."""
_GUESSES = {
    "en": ("America/New_York", "America/Los_Angeles", "Europe/London"),
    "es": ("America/Mexico_City", "Europe/Madrid", "America/Bogota"),
    "es-mx": ("America/Mexico_City", "America/Tijuana", "America/Monterrey"),
    "es-es": ("Europe/Madrid", "Atlantic/Canary"),
    "es-ar": ("America/Argentina/Buenos_Aires",),
    "en-gb": ("Europe/London",),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon"),
    "fr": ("Europe/Paris", "America/Toronto"),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "it": ("Europe/Rome",),
    "uk": ("Europe/Kyiv",),
    "ru": ("Europe/Moscow",),
}


def is_zone(name: str) -> bool:
    """Return whether this system knows a zone by this IANA name."""
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def guessed(language: str, usual: str) -> list[str]:
    """Return up to three zones somebody of this language ("es-MX") may live in, the program's own
    first.
    """
    code = language.replace("_", "-").lower()
    some = _GUESSES.get(code) or _GUESSES.get(code.partition("-")[0]) or _GUESSES["en"]
    mine = [usual] if usual not in ("UTC", "Etc/UTC", "") else []
    return list(dict.fromkeys([*mine, *some]))[:3]


def city(zone: str, language: str) -> str:
    """Return what people call a zone: its city, in their language."""
    from babel.dates import get_timezone_location

    if "/" not in zone:
        return zone
    try:
        name: str = get_timezone_location(ZoneInfo(zone), locale=language, return_city=True)
    except (LookupError, ValueError):
        return zone.rpartition("/")[2].replace("_", " ")
    return name


def found(text: str, language: str) -> list[str]:
    """Return the zones that a city or country may mean, the best first."""
    wanted = _plain(text)
    if not wanted:
        return []
    if is_zone(text.strip()):
        return [text.strip()]
    ranked = sorted(
        (rank, zone)
        for zone, names in _names(language).items()
        if (rank := min((_rank(wanted, name) for name in names), default=9)) < 9
    )
    return [zone for _, zone in ranked][:FOUND]


def _rank(wanted: str, name: str) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted) and len(wanted) >= 3:
        return 1
    return 2 if len(wanted) >= 4 and f" {wanted}" in name else 9


@cache
def _names(language: str) -> dict[str, tuple[str, ...]]:
    """Return by zone the plain names it may be asked for by."""
    from babel import Locale

    countries = Locale.parse(language).territories
    english = Locale.parse("en").territories
    found: dict[str, tuple[str, ...]] = {"UTC": ("utc", "gmt")}
    known = available_timezones()
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if line.startswith("#") or line.count("\t") < 2:
            continue
        country, _, zone = line.split("\t")[:3]
        if zone in known:
            more = _CITIES.get(zone, "")
            others = more.split("|")[0].split() + more.split("|")[1:]
            said = [
                city(zone, language),
                zone.rpartition("/")[2].replace("_", " "),
                countries.get(country, ""),
                english.get(country, ""),
                *others,
            ]
            found[zone] = tuple(dict.fromkeys(_plain(one) for one in said if one))
    return found


def _plain(text: str) -> str:
    """Return the text in small letters, without accents or anything around it."""
    parts = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(one for one in parts if not unicodedata.combining(one)).split())
