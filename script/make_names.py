"""Write matching/data/given.txt and surnames.txt from the name lists of the package faker (names
are facts), names_more.txt and names_wide.txt. Wants `pip install faker` in the Python it runs in.
"""

from __future__ import annotations

import importlib
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from matching.text import WORD, fold  # noqa: E402 - the folding of the project itself

LOCALES = {
    "es": "es_AR es_CL es_CO es_ES es_MX es_CA", "pt": "pt_BR pt_PT", "it": "it_IT",
    "fr": "fr_FR fr_BE fr_CA fr_CH", "en": "en_GB en_US en_NZ en", "de": "de_DE de_AT de_CH",
    "nl": "nl_NL nl_BE", "nd": "da_DK no_NO sv_SE fi_FI", "pl": "pl_PL", "cs": "cs_CZ sk_SK",
    "hu": "hu_HU", "ro": "ro_RO", "tr": "tr_TR", "hr": "hr_HR sl_SI", "ru": "ru_RU uk_UA bg_BG",
    "el": "el_GR", "ar": "ar_AA fr_DZ en_PK", "fa": "fa_IR", "he": "he_IL", "hi": "hi_IN en_IN",
    "vi": "vi_VN", "ja": "ja_JP", "zh": "zh_CN", "ko": "ko_KR", "th": "th_TH",
}  # fmt: skip
CAPS = {"given": 1400, "surname": 950}
NOT_LISTS = ("format", "prefix", "suffix", "language", "pairs")


def names_of(locale: str, kind: str) -> list[str]:
    """Return the folded single-word names of a faker locale."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    wanted = ("first", "given") if kind == "given" else ("last", "surname")
    found: list[str] = []
    for key in dir(provider):
        if not any(part in key for part in wanted) or any(part in key for part in NOT_LISTS):
            continue
        value = getattr(provider, key)
        if isinstance(value, (tuple, list, dict)):
            found += [name for name in value if isinstance(name, str)]
    return [fold(name) for name in found if WORD.fullmatch(name) and len(name) > 1]


def listed(sort: str) -> set[str]:
    """Return the words of names_not.txt under one heading."""
    found: set[str] = set()
    heading = ""
    for line in (ROOT / "script" / "names_not.txt").read_text("utf-8").splitlines():
        if line.endswith(":"):
            heading = line[:-1]
        elif heading == sort:
            found |= set(line.split())
    return found


def collect(kind: str) -> dict[str, list[str]]:
    """Return language -> names, each list cut to its cap, in alphabetical order."""
    lists: dict[str, set[str]] = defaultdict(set)
    for language, locales in LOCALES.items():
        merged = [
            name for locale in locales.split() for name in dict.fromkeys(names_of(locale, kind))
        ]
        lists[language] |= set(list(dict.fromkeys(merged))[: CAPS[kind]])
    for file in ("names_more.txt", "names_wide.txt"):
        for line in (ROOT / "script" / file).read_text("utf-8").splitlines():
            sort, language, *names = line.split()
            if sort == kind:
                lists[language] |= {fold(name) for name in names}
    banned = listed("neither") if kind == "surname" else listed("neither") | listed("not given")
    return {language: sorted(names - banned) for language, names in lists.items() if names}


def main() -> None:
    """Write both files: the languages that share some names, then those names, each once."""
    for kind, target in (("given", "given.txt"), ("surname", "surnames.txt")):
        languages: dict[str, list[str]] = defaultdict(list)
        for language, names in sorted(collect(kind).items()):
            for name in names:
                languages[name].append(language)
        lines_of: dict[str, list[str]] = defaultdict(list)
        for name, where in sorted(languages.items()):
            lines_of[",".join(where)].append(name)
        lines = [f"{where} {' '.join(names)}" for where, names in sorted(lines_of.items())]
        (ROOT / "matching" / "data" / target).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
