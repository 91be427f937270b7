"""What sort of thing a name is, where nobody said: a case, an organisation, a vessel, a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matching.notation import Form, read_term
from model import WatchKind

KIND_WORDS = {
    "person": WatchKind.PERSON, "persona": WatchKind.PERSON,
    "org": WatchKind.ORG, "organization": WatchKind.ORG, "organisation": WatchKind.ORG,
    "organización": WatchKind.ORG, "organizacion": WatchKind.ORG,
    "case": WatchKind.CASE, "caso": WatchKind.CASE,
    "vessel": WatchKind.VESSEL, "buque": WatchKind.VESSEL, "barco": WatchKind.VESSEL,
    "phrase": WatchKind.PHRASE, "frase": WatchKind.PHRASE,
}  # fmt: skip
"""The word a wish can begin with."""

DOCKET = re.compile(
    r"(?:\d{1,2}:)?(?:\d{2}|\d{4})[-‐‑–\s]*(?:cr|cv|mj|mc|bk|ap|civ|crim|misc|mag)\.?[-‐‑–\s]*\d{1,6}"
    r"(?:[-‐‑–][A-Za-z]{2,4})*(?:[-‐‑–]\d{1,3})?(?:\s*\([A-Za-z]{2,4}\))*",
    re.IGNORECASE,
)
"""The number of a federal case as courts and papers write it."""
_CAPTION = re.compile(r"\S\s+(?:v|vs)\.?\s+\S", re.IGNORECASE)
_COMPANY = re.compile(
    r"[\s,](?:ltd|limited|llc|llp|plc|inc|corp|gmbh|sarl|s\.\s?a\.|s\.?\s?a\.?\s?de\s?c\.?\s?v|s\.?r\.?l"
    r"|ltda|b\.v|n\.v|a\.?/?s|oy|sp\.\s?z\s?o\.?\s?o)\.?$|\s&\s|^(?:ооо|зао|оао|пао)\s",
    re.IGNORECASE,
)
_SHIP = re.compile(r"(?:M/?V|M\.V\.|M/?T|M\.T\.|S/?S|F/?V|USS|HMS|USNS)\s+\S")


def guess_kind(names: Sequence[str]) -> WatchKind:
    """Return what sort of thing goes by `names`, judged by how they are written: a docket number
    or a caption is a case, a legal form or & an organisation, MV a vessel, only quotations a
    phrase, anything else a person.
    """
    if all(read_term(name).form is not Form.NAME for name in names):
        return WatchKind.PHRASE
    first = names[0]
    if DOCKET.fullmatch(first) or _CAPTION.search(first):
        return WatchKind.CASE
    if _SHIP.match(first):
        return WatchKind.VESSEL
    return WatchKind.ORG if _COMPANY.search(first) else WatchKind.PERSON
