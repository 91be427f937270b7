"""The words of an organisation, a ship or an alias, bare of what may be left out."""

from __future__ import annotations

import re

from matching import known
from matching.anatomy import ARTICLE, Phrase, pieces_of
from matching.text import WORD, Word


def _legal_form(line: str) -> str:
    """Return the pattern of one form as the list has it."""
    if line.startswith("="):
        return f"(?-i:{re.escape(line[1:].removesuffix('.'))})"
    spaced = re.escape(line.removesuffix(".")).replace(r"\.\ ", r"\.").replace(r"\ ", r"\s+")
    return spaced.replace(r"\.", r"\.?\s?").replace(r"\&", r"(?:&|and|und)")


_FORMS = sorted(map(_legal_form, known.legal_forms()), key=len, reverse=True)
_LEGAL = re.compile(rf"(?i)[\s,]*(?<!\w)(?:{'|'.join(_FORMS)})\.?(?=$|[\s,])")
_LEGAL_FIRST = re.compile(
    r"""(?ix) ^ (?: ооо|оао|пао|зао|ао|тов|ип|pt|p\.t\.|oao|ooo|pao|zao
    |(?:ao|tov|jsc|[ocp]jsc|llc)(?=\s*["«„“])
    |株式会社|有限会社|㈱|㈲|주식회사|\(주\)|شركة|חברת )
    (?:\s+|(?=["«„“]|[\u3040-\u9fff\uac00-\ud7a3])) """
)
_LEGAL_SPACELESS = re.compile(
    "(?:株式会社|有限会社|股份有限公司|有限责任公司|有限公司|集团|集團|주식회사|㈱|㈲)"
)
_SHIP = re.compile(
    r"(?i)^(?:m[./]?\s?[vtsy]|s[./]?\s?[svy]|f[./]?\s?v|r[./]?\s?v|n[./]?\s?s|hms|uss|rms|usns|uscgc|hmas"
    r"|hmcs|ins|motor vessel|motor tanker|vessel|т/х|теплоход|танкер)\.?\s+(?=\S)"
)


def phrase(text: str, kind: str) -> Phrase | None:
    """Return an organisation's, ship's or alias's words, bare of what may be left out."""
    lead: list[Word] = []
    bare = text
    if kind == "org":
        bare = _LEGAL_FIRST.sub("", bare)
        bare = without_legal(bare)
    if kind == "vessel" and (prefix := _SHIP.match(bare)):
        bare = bare[prefix.end() :]
    words = [word for word, _ in pieces_of(re.sub(r"(?<=\s)[&+](?=\s)", " and ", bare))]
    if kind == "org" and len(words) > 1 and words[0].fold in ARTICLE:
        lead, words = [words[0]], words[1:]
    if not words:
        return None
    return Phrase(text, tuple(words), tuple(lead), commas="," in bare.strip(" ,"), kind=kind)


def without_legal(text: str) -> str:
    """Return `text` without its legal forms: cut off the end as often as they come, but never all
    there is.
    """
    while True:
        found = None
        for match in _LEGAL.finditer(text):
            if match.end() >= len(text.rstrip(" .,")) and match.start() > 0:
                found = match
                break
        if found is None or not WORD.search(text[: found.start()]):
            return _LEGAL_SPACELESS.sub("", text) or text
        text = text[: found.start()]
