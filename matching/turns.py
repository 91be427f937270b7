"""Which turns of a case a headline tells (arrest, release, charge …), in many languages (pure).

The table is `model/turns.toml`: coarser than the dockets' stages, and made to tell stories apart
rather than to name what happened.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

from matching.senses import Unless, Words, aside_in, law, unless

Turns: TypeAlias = frozenset[str]

NONE: Turns = frozenset()
UNSPACED = frozenset({"zh", "ja", "ko"})
"""Languages whose words have no spaces between them, or stick to their endings."""
_LATE = frozenset({"de", "nl", "tr"})
"""Languages whose verb may stand at the end."""
_CHANGING = ("refused", "granted", "asked", "planned", "not", "after", "nothing")
"""Entries that are no turns but change those beside them."""
_REACH = 7
"""Words within which a word like "refuses" or "seeks" changes a turn."""
_NOT = 3
"""Words within which "not" does."""
_AFTER = 3
"""Words after "after" that tell what went before."""
_FEW = 4
"""Words that tell something, up to which what they do together is kept."""
_GAP = 9
"""Words that "..." stands for at most."""
SEEN_MOST = 100_000
"""Words of one language that stay looked up."""
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
WORD = re.compile(r"[\w'’-]+")
_ELIDED = re.compile(r"^(?:l|d|s|j|qu|dell|all|nell|sull|dall|un|quell|dev)'(?=\w\w)")
"""A small word that French and Italian write onto the next."""
ARTICLE = "\u0627\u0644"
"""The Arabic article, which is written onto its word."""
_LATER = "后後"
"""After a turn: it is what went before."""


def folded(text: str) -> str:
    """Return the text in lower case and without accents."""
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return plain.replace("ł", "l").replace("ı", "i").replace("’", "'")


def words_of(text: str) -> list[str]:
    """Return the words of a folded text."""
    found = WORD.findall(text)
    if ARTICLE in text:
        return [_without_article(word) for word in found]
    return [_ELIDED.sub("", word) for word in found] if "'" in text else found


def _without_article(word: str) -> str:
    bare = word[1:] if word[:1] in "\u0648\u0628\u0641\u0643" and word[1:3] == ARTICLE else word
    return bare[2:] if bare.startswith(ARTICLE) and len(bare) > 4 else bare


def _bare(word: str) -> str:
    return _ELIDED.sub("", _without_article(folded(word)))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text tells of turns."""

    told: Turns = NONE
    about: Turns = NONE
    """What it is only about: "fraud charges", "after his arrest"."""
    words: tuple[str, ...] = ()
    """Its words without those that say so."""
    mood: Turns = NONE
    """Whether it says that something was refused or is not so, or is only meant."""


@dataclass(frozen=True, slots=True, eq=False)
class _Says:
    """What an entry of the table stands for."""

    told: Turns = NONE
    about: Turns = NONE
    changes: Turns = NONE
    """What it does to the turns beside it."""

    def __or__(self, other: _Says) -> _Says:
        return _Says(self.told | other.told, self.about | other.about, self.changes | other.changes)


_SILENT = _Says()
_Phrase: TypeAlias = tuple[tuple[str, ...], _Says]


_Entry: TypeAlias = tuple[list[_Phrase], frozenset[str], _Says, Unless | None]
"""The phrases that begin with a word, longest first, the second words of these (none where it may
be any word), what it says alone, and beside what it says nothing.
"""
_NO_ENTRY: _Entry = ([], frozenset(), _SILENT, None)


@dataclass(slots=True)
class _Table:
    """The entries of one language, by their first word."""

    exact: dict[str, _Says] = field(default_factory=dict)
    begins: dict[str, _Says] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    phrases: dict[str, list[_Phrase]] = field(default_factory=dict)
    anywhere: re.Pattern[str] | None = None
    inside: dict[str, _Says] = field(default_factory=dict)
    unless: Mapping[str, Unless] = field(default_factory=dict)
    law: Words = field(default_factory=Words)
    entries: _Entries = field(init=False)

    def __post_init__(self) -> None:
        self.entries = _Entries(self)

    def looked_up(self, word: str) -> _Entry | None:
        """Return what a word says here; None for nothing."""
        begun = [one for one in self.phrases.get(word[:4], ()) if _fits(one[0][0], word)]
        exact, says = self.exact.get(word), _begun(self, word)
        if exact is not None:
            says = exact | _Says(changes=says.changes) if says.changes else exact
        second = [phrase[1] for phrase, _ in begun]
        seconds = frozenset() if any(one[-1] in "*." for one in second) else frozenset(second)
        if not begun and says is _SILENT:
            return None
        return begun, seconds, says, self.unless.get(word)


class _Entries(dict[str, _Entry | None]):
    """What each word seen so far says; None for nothing."""

    def __init__(self, table: _Table) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, word: str) -> _Entry | None:
        if len(self) > SEEN_MOST:
            self.clear()
        entry = self[word] = self._table.looked_up(word)
        return entry


@lru_cache(maxsize=1)
def _file() -> Mapping[str, object]:
    return tomllib.loads(files("model").joinpath("turns.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _written() -> dict[str, dict[str, _Says]]:
    """Return by language and entry what it stands for."""
    found: dict[str, dict[str, _Says]] = {}
    for turn, languages in _file().items():
        for lang, entries in languages.items() if isinstance(languages, dict) else ():
            of = found.setdefault(lang, {})
            for entry in entries:
                one = frozenset([turn])
                if turn in _CHANGING:
                    says = _Says(changes=one)
                else:
                    says = _Says(about=one) if entry.startswith("(") else _Says(one)
                bare = entry.strip("()")
                of[bare] = of.get(bare, _SILENT) | says
    return found


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(one, other) for one, other in _list(name)]


def _list(name: str) -> list[Sequence[str]]:
    rows = _file()[name]
    assert isinstance(rows, list)  # noqa: S101 - our own file
    return rows


@lru_cache(maxsize=1)
def _undone_by() -> Mapping[str, Turns]:
    """Return by turn those that undo it, or follow upon it."""
    found: dict[str, set[str]] = {}
    for one, other in _pairs("opposites"):
        found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


@lru_cache(maxsize=1)
def _opposed_to() -> Mapping[str, Turns]:
    """Return by turn those that undo it or are undone by it, or are another step of a case."""
    found: dict[str, set[str]] = {}
    for pair in [*_pairs("opposites"), *_pairs("follows")]:
        for one, other in (pair, pair[::-1]):
            found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


@lru_cache(maxsize=20_000)
def are_opposed(one: Turns, other: Turns) -> bool:
    """Return whether a turn of one undoes a turn of the other, or is what the other refuses or
    only means to do.
    """
    opposed = _opposed_to()
    return any(
        not opposed.get(turn, NONE).isdisjoint(others) or _is_unmade(turn, others)
        for turn, others in (*((each, other) for each in one), *((each, one) for each in other))
    )


def _is_unmade(turn: str, others: Turns) -> bool:
    return f"no_{turn}" in others or f"{turn}_planned" in others or f"{turn}_asked" in others


@lru_cache(maxsize=1)
def beside() -> frozenset[tuple[str, str]]:
    """Return pairs of turns that outlets tell of one event, in both orders."""
    return frozenset(
        pair for one, other in _pairs("beside") for pair in ((one, other), (other, one))
    )


@lru_cache(maxsize=4)
def _becomes(change: str) -> Mapping[str, str]:
    """Return what turns become when they are refused, asked for or granted."""
    return dict(_pairs(f"{change}_is"))


@lru_cache(maxsize=1)
def _befalling() -> Turns:
    return frozenset(str(one) for one in _list("befalls"))


def befall(turns: Turns) -> bool:
    """Return whether something happens to a person: an arrest, no appeal."""
    return not _befalling().isdisjoint(turns)


def latest(turns: Turns) -> Turns:
    """Return the turns without those that others of them undo: who was arrested and is released
    is released.
    """
    if len(turns) < 2:
        return turns
    by = _undone_by()
    undone = {one for one in turns if not by.get(one, NONE).isdisjoint(turns)}
    return turns - undone if undone and undone != turns else turns


@lru_cache(maxsize=64)
def _table(lang: str) -> _Table:
    """Return one language's entries; of a language that is not in the table, everybody's."""
    written = _written()
    entries: dict[str, _Says] = {}
    for one in [lang] if lang in written else list(written):
        for entry, says in written[one].items():
            entries[entry] = entries.get(entry, _SILENT) | says
    known = lang if lang in written else ""
    table = _Table(unless=unless(known), law=law(known))
    for entry, says in entries.items():
        _enter(table, entry, says)
    for some in table.phrases.values():
        some.sort(key=lambda one: -len(one[0]))
    table.lengths = tuple(sorted({len(one) for one in table.begins}, reverse=True))
    if table.inside:
        longest = sorted(table.inside, key=len, reverse=True)
        table.anywhere = re.compile("|".join(map(re.escape, longest)))
    return table


def _enter(table: _Table, entry: str, says: _Says) -> None:
    if any("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3" for sign in entry):
        table.inside[unicodedata.normalize("NFKD", entry)] = says
    elif " " in entry:
        words = tuple(_bare(word) for word in entry.split())
        table.phrases.setdefault(words[0].rstrip("*")[:4], []).append((words, says))
    elif entry.endswith("*"):
        begin = _bare(entry[:-1])
        table.begins[begin] = table.begins.get(begin, _SILENT) | says
    else:
        word = _bare(entry)
        table.exact[word] = table.exact.get(word, _SILENT) | says


def is_known(lang: str) -> bool:
    """Return whether the table has a language."""
    return lang in _written()


def known_words(words: Sequence[str]) -> Counter[str]:
    """Return by language how many words of a text the table has in it."""
    found: Counter[str] = Counter()
    once = frozenset(words)
    for at, langs in enumerate(map(_KNOWN_IN.__getitem__, words)):
        for lang in langs:
            phrases, seconds, single, _ = _table(lang).entries[words[at]] or _NO_ENTRY
            may_stand = phrases and not (seconds and seconds.isdisjoint(once))
            places, _ = _phrase_at(phrases, words, at, once) if may_stand else _NOWHERE
            found[lang] += len(places) or single is not _SILENT
    return found


class _KnownIn(dict[str, tuple[str, ...]]):
    """The languages that have an entry which begins with a word, for each word seen so far."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) > SEEN_MOST:
            self.clear()
        found = self[word] = tuple(one for one in _written() if _table(one).looked_up(word))
        return found


_KNOWN_IN = _KnownIn()


def turns_in(text: str, words: Sequence[str], lang: str) -> Heard:
    """Return the turns a folded text tells. `words`: its words."""
    found, said = _found(text, words, lang)
    rest = list(words)
    for at in sorted(said, reverse=True):
        del rest[at]
    return _heard(found, lang, tuple(rest))


def shown_in(text: str, words: Sequence[str], lang: str) -> dict[str, int]:
    """Return the kinds of event (of stages.toml) under which a folded text's turns are shown, and
    which of its words says so, or is the first of those that do.
    """
    found, _ = _found(text, words, lang)
    heard = _heard(found, lang, ())
    turns = latest(heard.told) or heard.about
    kinds: dict[str, int] = {}
    for at, says in found:
        became = says.told | says.about
        became |= {_becomes(change).get(one, "") for one in became for change in _BECOMING}
        kind = next((kind for turn, kind in _shown() if turn in became & turns), "")
        if kind:
            kinds.setdefault(kind, at)
    return kinds


_BECOMING = ("refused", "not", "asked", "granted")


@lru_cache(maxsize=1)
def _shown() -> list[tuple[str, str]]:
    return _pairs("shown")


def _found(text: str, words: Sequence[str], lang: str) -> tuple[list[tuple[int, _Says]], set[int]]:
    """Return what the words of a text say, with the place of the first, and the places of all."""
    table = _table(lang)
    found: list[tuple[int, _Says]] = []
    said: set[int] = set()
    if table.anywhere is not None:
        found += _signs(table, text)
    once = frozenset(words)
    aside = aside_in(text, words)
    needy: list[int] = []
    for at, entry in enumerate(map(table.entries.__getitem__, words)):
        if entry is None or at in said or at in aside:
            continue
        phrases, seconds, single, other = entry
        may_stand = phrases and not (seconds and seconds.isdisjoint(once))
        places, says = _phrase_at(phrases, words, at, once) if may_stand else _NOWHERE
        if other is not None and other.stands(words, at, places):
            continue
        if places:
            found.append((at, says))
            said.update(places)
        elif single is not _SILENT:
            found.append((at, single))
            said.add(at)
            if other is not None and other.is_needy and at + 1 < len(words):
                needy.append(at)
    if needy and not _is_of_law(table, words, found, needy):
        return [one for one in found if one[0] not in needy], said.difference(needy)
    return found, said


def _is_of_law(
    table: _Table, words: Sequence[str], found: list[tuple[int, _Says]], needy: Sequence[int]
) -> bool:
    """Return whether a text speaks of courts and crimes, but for its needy words."""
    return any((says.told or says.about) and at not in needy for at, says in found) or any(
        table.law.hold(word) for at, word in enumerate(words) if at not in needy
    )


_NOWHERE: tuple[tuple[int, ...], _Says] = ((), _SILENT)


def _phrase_at(
    phrases: Iterable[_Phrase], words: Sequence[str], at: int, once: frozenset[str]
) -> tuple[tuple[int, ...], _Says]:
    """Return where the words of the first phrase stand that begins here, and what it says."""
    for phrase, says in phrases:
        if phrase[1] in once or phrase[1][-1] in "*.":
            places = _stands(phrase, words, at)
            if places:
                return places, says
    return _NOWHERE


def _signs(table: _Table, text: str) -> Iterator[tuple[int, _Says]]:
    """Read a language without spaces."""
    assert table.anywhere is not None  # noqa: S101 - asked for by the caller
    for hit in table.anywhere.finditer(text):
        says = table.inside[hit[0]]
        if text[hit.end() : hit.end() + 1] in _LATER and hit.end() < len(text):
            says = _Says(NONE, says.told | says.about, says.changes)
        yield 0, says


def _heard(found: list[tuple[int, _Says]], lang: str, rest: tuple[str, ...]) -> Heard:
    """Put together what was found."""
    if not found:
        return Heard(words=rest)
    first = found[0][0]
    together = _together if len(found) <= _FEW else _together.__wrapped__
    told, about, mood = together(tuple([(at - first, says) for at, says in found]), lang)
    return Heard(told, about, rest, mood)


@lru_cache(maxsize=10_000)
def _together(found: tuple[tuple[int, _Says], ...], lang: str) -> tuple[Turns, Turns, Turns]:
    """Put together what was refused, asked for or granted, and what only went before: what is
    told, what it is only about, and the mood. What few words say so is kept:
    many headlines have them.
    """
    changes: dict[str, list[int]] = {}
    for at, says in found:
        for one in says.changes:
            changes.setdefault(one, []).append(at)
    if not changes:
        plainly = NONE.union(*[says.told for _, says in found])
        only_about = NONE.union(*[says.about for _, says in found])
        return _decided(plainly, found), only_about, NONE
    told: set[str] = set()
    about: set[str] = set()
    refusing: set[str] = set()
    """What a word tells that also refuses: "tosses" is a case dismissed, but not in "tosses
    appeal".
    """
    changing = [at for at, says in found if says.changes]
    for at, says in found:
        if all(abs(at - one) > _REACH for one in changing):
            told |= says.told
            about |= says.about - says.told
        elif any(0 < at - one <= _AFTER for one in changes.get("after", ())):
            about |= says.told | says.about
        elif "refused" in says.changes:
            refusing |= _wished(says.told, at, changes, lang)
        else:
            stands, only = _stand(says, at, changes, lang)
            told |= stands
            about |= only
    if refusing and not told - _STANDING:
        told |= refusing
    else:
        about |= refusing
    return _decided(frozenset(told), found), frozenset(about), _mood(changes)


def _stand(
    says: _Says, at: int, changes: Mapping[str, list[int]], lang: str
) -> tuple[set[str], set[str]]:
    """Return the turns of one word as they stand beside those that change them: told, and what
    it is only about.
    """
    told: set[str] = set()
    about: set[str] = set()
    for one in says.told | says.about:
        passive = one in says.about or one not in _DONE
        became = _changed(frozenset([one]), at, changes, lang, passive=passive)
        if one not in says.told and became == {f"no_{one}"} and one not in _becomes("refused"):
            became = frozenset([one])
        if one in says.told and became == {one} and _is_planned(at, changes, lang):
            became = frozenset([f"{one}_planned"])
        (told if one in says.told or became != {one} else about).update(became)
    return told, about


def _mood(changes: Mapping[str, object]) -> Turns:
    """Return "refused" and "meant" of words that say so, whatever turn stands beside them."""
    refused = ["refused"] if "refused" in changes or "not" in changes else []
    is_meant = "planned" in changes and "granted" not in changes
    return frozenset([*refused, *(["meant"] if is_meant else [])])


def _decided(told: Turns, found: Iterable[tuple[int, _Says]]) -> Turns:
    """Return turns without those that a word tells only for want of saying which: "condenan" is
    a verdict or a sentence, "condenan a 12 años" a sentence.
    """
    either = _either()
    if len(told & either) < 2:
        return told
    surely = {one for _, says in found if len(one := says.told & either) == 1}
    if not surely:
        return told
    later = NONE.union(*surely)
    first = {one for one, other in _follows() if other in later}
    return told - either | (later - first)


@lru_cache(maxsize=1)
def _either() -> Turns:
    return frozenset(str(one) for one in _list("either"))


@lru_cache(maxsize=1)
def _follows() -> list[tuple[str, str]]:
    return _pairs("follows")


_DONE = frozenset({"release", "charge"})
"""What a word that follows does not refuse: "walks free as judge rejects charges"."""
_STANDING = frozenset({"clear", "clear_asked"})
"""What "drops" and the like tell themselves."""


def _changed(
    turns: Turns, at: int, changes: Mapping[str, list[int]], lang: str, *, passive: bool
) -> Turns:
    """Return turns as they stand beside words like "refuses" or "seeks": an extradition refused
    is no extradition. `passive`: such a word may also follow.
    """
    if not turns or not changes:
        return turns
    if _is_beside(changes.get("not", ()), at, _NOT, behind=lang in _LATE):
        refused, is_not = _becomes("refused"), _becomes("not")
        return frozenset(is_not.get(one) or refused.get(one, f"no_{one}") for one in turns)
    for change in ("refused", "granted"):
        behind = passive or lang in UNSPACED or lang in _LATE
        if _is_beside(changes.get(change, ()), at, _REACH, behind=behind):
            became = _become(change, turns)
            if became != turns:
                return became
    return _wished(turns, at, changes, lang)


def _wished(turns: Turns, at: int, changes: Mapping[str, list[int]], lang: str) -> Turns:
    """Return turns as they stand beside words like "seeks", unless it was granted."""
    if _is_beside(changes.get("granted", ()), at, _REACH, behind=True):
        return turns
    behind = lang in UNSPACED or lang in _LATE
    is_asked = _is_beside(changes.get("asked", ()), at, _REACH, behind=behind)
    return _become("asked", turns) if is_asked else turns


def _is_planned(at: int, changes: Mapping[str, list[int]], lang: str) -> bool:
    """Return whether a turn is only meant: "to be charged", "podría ser acusado"."""
    if "planned" not in changes or _is_beside(changes.get("granted", ()), at, _REACH, behind=True):
        return False
    reach = _REACH if lang in _LATE else _NOT
    return _is_beside(changes["planned"], at, reach, behind=lang == "tr")


def _is_beside(places: Iterable[int], at: int, reach: int, *, behind: bool) -> bool:
    return any(0 <= at - one <= reach or (behind and 0 <= one - at <= reach) for one in places)


def _become(change: str, turns: Turns) -> Turns:
    becomes = _becomes(change)
    return frozenset(becomes.get(one, one) for one in turns)


def without(text: str, lang: str) -> str:
    """Return a folded text of a language without spaces, without what says its turns."""
    pattern = _table(lang).anywhere
    return pattern.sub(" ", text) if pattern else text


def _begun(table: _Table, word: str) -> _Says:
    for length in table.lengths:
        if length <= len(word):
            says = table.begins.get(word[:length])
            if says:
                return says
    return _SILENT


def _stands(phrase: tuple[str, ...], words: Sequence[str], at: int) -> tuple[int, ...]:
    """Return where the words of a phrase stand that begins here; empty when it does not."""
    places = [at]
    place = at + 1
    gap = 0
    for wanted in phrase[1:]:
        if wanted == "...":
            gap = _GAP
            continue
        if wanted == "*":
            place += 1
            continue
        last = min(len(words), place + gap + 1)
        hit = next((one for one in range(place, last) if _fits(wanted, words[one])), -1)
        if hit < 0:
            return ()
        places.append(hit)
        place, gap = hit + 1, 0
    return tuple(places)


def _fits(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
