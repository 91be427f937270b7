"""Languages a Watch can be limited to: their two-letter codes and how people call them."""

from __future__ import annotations

import difflib
import re

_CODES = frozenset(
    """
    af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja
    ka kk km ko ku ky lo lt lv mk mn ms mt my nb ne nl no nn pa pl ps pt ro ru si sk sl so sq sr sv
    sw ta te th tl tr uk ur uz vi zh
    """.split()  # noqa: SIM905  # sixty codes are read more easily so
)
_NAMES = {
    "english": "en", "inglés": "en", "ingles": "en",
    "spanish": "es", "español": "es", "espanol": "es",
    "portuguese": "pt", "portugués": "pt", "português": "pt",
    "french": "fr", "francés": "fr", "français": "fr",
    "german": "de", "alemán": "de", "deutsch": "de",
    "russian": "ru", "ruso": "ru", "chinese": "zh", "chino": "zh", "arabic": "ar", "árabe": "ar",
    "italian": "it", "italiano": "it", "ukrainian": "uk", "polish": "pl", "turkish": "tr",
    "dutch": "nl", "japanese": "ja", "korean": "ko", "greek": "el", "hebrew": "he",
    "persian": "fa", "farsi": "fa", "hindi": "hi", "hungarian": "hu", "czech": "cs",
}  # fmt: skip
_REGION = re.compile(r"[-_][a-z0-9]{2,8}")


def code(text: str) -> str:
    """Return the code of a language given by code (with or without a region) or by name; empty
    when it is neither.
    """
    low = text.casefold()
    primary, region = low[:2], low[2:]
    if primary in _CODES and (not region or _REGION.fullmatch(region)):
        return primary + region.replace("_", "-")
    return _NAMES.get(low, "")


def nearest(text: str) -> str:
    """Return the code that was probably meant; English when nothing comes near."""
    close = difflib.get_close_matches(text.casefold(), [*_NAMES, *_CODES], n=1, cutoff=0.5)
    return code(close[0]) if close else "en"
