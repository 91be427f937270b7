"""What somebody looks for in the archive: words that must all stand in an Item, quotations,
alternatives, words that must not, a language or source. Accents and capitals are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from matching.cases import DocketNumber, dockets, parse_docket
from matching.forms import squeeze
from matching.lookup import Keys, key_of_docket, key_of_run, key_of_word
from matching.query import Sort, Token, tokens
from matching.scripts import SPACELESS
from matching.text import WORD, WORDS, fold
from model.errors import TermError
from model.item import Item

LONGEST = 300
"""Letters of a search."""
MOST_WORDS = 24
_MOST_SETS = 64
_TEXTS = frozenset({Sort.WORD, Sort.QUOTE, Sort.LITERAL, Sort.KEY})


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that stand one after the other, as they are compared."""

    folded: str
    keys: Keys
    """What every Item has in which they stand."""
    docket: DocketNumber | None = None
    spaceless: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for."""

    wanted: tuple[tuple[Sought, ...], ...]
    """Of each at least one must be there."""
    never: tuple[Sought, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def anchors(self) -> list[Keys]:
        """Return sets of keys: what is looked for has all the keys of at least one set."""
        alone = [one[0].keys for one in self.wanted if len(one) == 1]
        chosen = [one for one in self.wanted if len(one) > 1]
        ways = 1
        kept: list[list[Keys]] = []
        for one in chosen:
            ways *= len(one)
            if ways <= _MOST_SETS or not kept:
                kept.append([sought.keys for sought in one])
        common: Keys = frozenset().union(*alone)
        return [common.union(*some) for some in product(*kept)]

    def fits(self, item: Item) -> bool:
        """Whether an Item is what is looked for."""
        if self.languages and item.lang.split("-")[0].lower() not in self.languages:
            return False
        source = fold(item.source)
        if self.sources and not any(one in source for one in self.sources):
            return False
        read = _Read(item)
        if any(read.has(one) for one in self.never):
            return False
        return all(any(read.has(one) for one in some) for some in self.wanted)


class _Read:
    """An Item's words, ready to be compared."""

    def __init__(self, item: Item) -> None:
        self._text = "\n".join((item.title, item.summary, item.text))
        words = [WORDS[raw] for raw in WORD.findall(self._text)]
        self._whole = f" {' '.join(word.fold for word in words)} "
        # "Amon's" is found as Amon too, "l'avocat" as avocat.
        self._bare = ""
        if any(word.head for word in words):
            heads = " ".join(fold(word.head) or word.fold for word in words)
            tails = " ".join(fold(word.tail) or word.fold for word in words)
            self._bare = f" {heads} \n {tails} "
        filing = item.filing
        self._docket = parse_docket(filing.number) if filing is not None else None

    def _is_of(self, docket: DocketNumber) -> bool:
        if self._docket is not None and docket.agrees(self._docket):
            return True
        return any(docket.agrees(found.docket) for found in dockets(self._text))

    def has(self, one: Sought) -> bool:
        if one.spaceless:
            return one.folded in squeeze(fold(self._text))
        if one.docket is not None and self._is_of(one.docket):
            return True
        words = f" {one.folded} "
        return words in self._whole or words in self._bare


def read_search(text: str) -> Search:
    """Return what `text` looks for. TermError where it names nothing to look for."""
    clean = " ".join(text.split())[:LONGEST]
    docket = parse_docket(clean)
    if docket is not None and docket.type:
        return Search(((_numbered(docket, clean),),))
    try:
        parsed = _parsed(clean, tokens(clean))
    except TermError:  # a lone quotation mark or sign: what is left are words
        parsed = Search(tuple((one,) for one in _each(clean)))
    if not parsed.wanted or not all(parsed.wanted):
        raise TermError("Say what to look for: a name, a few words, or words in quotation marks.")
    return parsed


def _parsed(text: str, found: Sequence[Token]) -> Search:
    wanted: list[tuple[Sought, ...]] = []
    never: list[Sought] = []
    fields: dict[str, list[str]] = {"lang": [], "source": []}
    role = ""
    for token in found:
        if token.sort in (Sort.MINUS, Sort.NOT):
            role = "never"
        elif token.sort in (Sort.PIPE, Sort.OR):
            role = "or"
        elif token.sort is Sort.FIELD and token.text in fields:
            role = token.text
        elif token.sort in _TEXTS or token.sort is Sort.FIELD:
            said = text[token.start : token.end] if token.sort is Sort.KEY else token.text
            _take(list(_sought(token, said)), role, wanted, never, fields)
            role = ""
    return Search(
        tuple(wanted[:MOST_WORDS]), tuple(never), tuple(fields["lang"]), tuple(fields["source"])
    )


def _take(
    some: list[Sought],
    role: str,
    wanted: list[tuple[Sought, ...]],
    never: list[Sought],
    fields: dict[str, list[str]],
) -> None:
    if not some:
        return
    if role == "never":
        never += some
    elif role in fields:
        fields[role].append(some[0].folded)
    elif role == "or" and wanted:
        wanted[-1] = (*wanted[-1], *some[:1])
        wanted += [(one,) for one in some[1:]]
    else:
        wanted += [(one,) for one in some]


def _sought(token: Token, text: str) -> Iterator[Sought]:
    docket = parse_docket(text)
    if docket is not None and docket.type:
        yield _numbered(docket, text)
        return
    raws = WORD.findall(text)
    if SPACELESS.search(text):
        yield from map(_one_of, raws)
    elif raws:
        folds = " ".join(WORDS[raw].fold for raw in raws)
        yield Sought(folds, frozenset(key_of_word(WORDS[raw]) for raw in raws))


def _numbered(docket: DocketNumber, text: str) -> Sought:
    folded = " ".join(WORDS[raw].fold for raw in WORD.findall(text))
    return Sought(folded, frozenset({key_of_docket(docket)}), docket)


def _each(text: str) -> Iterator[Sought]:
    return map(_one_of, WORD.findall(text)[:MOST_WORDS])


def _one_of(raw: str) -> Sought:
    if SPACELESS.search(raw):
        folded = squeeze(fold(raw))
        return Sought(folded, key_of_run(folded), spaceless=True)
    return Sought(WORDS[raw].fold, frozenset({key_of_word(WORDS[raw])}))
