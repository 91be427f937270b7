"""Whether two Items tell one story (pure): the same words, or the same turn of the same people.

Similarity alone can't tell "arrested" from "released", so a guard speaks first: another turn,
other amounts or tolls, another court, somebody else's name, another docket. What is rejected is
told as a new Message; nothing is dropped.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz.distance import Indel

from matching.gist import AUDIBLE, KEYS, NOUNS, Gist, Told, TurnsTold, sounds
from matching.kin import THING, are_two, is_of
from matching.stopwords import NO_NAMES
from matching.turns import UNSPACED, are_opposed, beside, without

SAME_TURN = 0.16
"""Word overlap from which on two Items with one turn and one name in common are one story."""
SAME_WORDS = 0.45
"""The same without a turn."""
MANY_WORDS = 0.25
"""The same without a turn, where names and many words are shared."""
_MANY = 4
"""So many."""
REPRINT = 0.7
"""Jaccard of word shingles from which on a text is a reprint."""
ONE_TEXT = 0.9
"""The same from which on it is one text whatever turn the headlines tell, unless opposed ones."""
_ENOUGH = 4
"""Words of a headline that can be found in another Item."""
_WITHIN = 0.6
"""What it counts that all of them are."""
_NEAR = 0.55
"""Overlap of two headlines from which on what differs between them is looked at closely."""
_MET = 3
"""Names that two Items share from which on these say something, where a turn is not known."""
_INFLECTED = 6
"""Letters of a name from which on its last two may be another ending."""
INFLECTING = frozenset({"pl", "ru", "uk"})
"""Languages whose names have endings."""
_DENIAL = "deny"
_POINTS = " 、。・，：:,「」『』“”"
"""What stands around a piece of Chinese or Japanese that only stands elsewhere in the other."""
_DIFFERS = 3
"""Words: headlines that differ in more are two people's and not one with a name exchanged."""
_LEAST = ONE_TEXT / (1 + ONE_TEXT)
"""What both have of what each has, added up, where it is one text."""


class Verdict(StrEnum):
    """What two Items are to each other."""

    SAME = "same"
    REPRINT = "reprint"
    OTHER = "other"
    STAGE = "another stage"
    FIGURES = "other figures"
    COURT = "another court"
    NAMES = "other names"
    DOCKET = "another docket"

    @property
    def is_same(self) -> bool:
        """Whether they tell one story."""
        return self in (Verdict.SAME, Verdict.REPRINT)


def compare(a: Told, b: Told, weigh: Callable[[str], float] | None = None) -> Verdict:
    """Say what two Items are to each other. `weigh`: how much a word says, by its key (its idf);
    without it every word counts alike.
    """
    conflict = _conflict(a, b)
    if conflict is Verdict.STAGE and _is_one_text(a, b):
        return Verdict.REPRINT
    if conflict is not None:
        return conflict
    if a.headline == b.headline and len(a.headline) > 12 and not a.thin:
        return Verdict.REPRINT
    if _is_reprint(a.shingles, b.shingles, REPRINT):
        return Verdict.REPRINT
    return Verdict.SAME if _is_alike(a, b, weigh) else Verdict.OTHER


def is_near(a: Told, b: Told) -> bool:
    """Return whether two Items that are not one story can be stages of one: they share a name."""
    if a.dockets & b.dockets:
        return True
    return _common_names(a, b) >= 1 or (a.family == b.family and len(a.head & b.head) >= 2)


def _conflict(a: Told, b: Told) -> Verdict | None:
    if a.dockets and b.dockets and not a.dockets & b.dockets:
        return Verdict.DOCKET
    if _turns_apart(a, b):
        return Verdict.STAGE
    conflict = tell_other_facts(a, b)
    if conflict is not None:
        return conflict
    return Verdict.NAMES if _names_apart(a, b) or _body_apart(a, b) else None


def tell_other_facts(a: Gist, b: Gist) -> Verdict | None:
    """Return what keeps two Items apart that needs none of their words: other figures, another
    court, two people of one surname.
    """
    if a.figures is not b.figures and a.figures.conflicts(b.figures):
        return Verdict.FIGURES
    if a.courts and b.courts and not a.courts & b.courts:
        return Verdict.COURT
    if a.people and b.people and a.headline != b.headline and are_two(a.people, b.people):
        return Verdict.NAMES
    return None


def _turns_apart(a: Told, b: Told) -> bool:
    """Two Items tell different turns, or one of two headlines that are alike tells one."""
    if tell_other_turns(a, b):
        return True
    denies = (_DENIAL in a.headline_turns) != (_DENIAL in b.headline_turns)
    if (denies or a.mood != b.mood) and a.family == b.family and _is_near(a, b):
        return True
    return a.headline_turns != b.headline_turns and _swaps_turn(a, b)


def tell_other_turns(a: Told | TurnsTold, b: Told | TurnsTold) -> bool:
    """Return whether two Items tell different turns, which needs nothing else of them: neither's
    own is anywhere in the other, or one undoes what the other tells.
    """
    if not (a.turns and b.turns):
        return False
    if a.turns.isdisjoint(b.every_turn) or b.turns.isdisjoint(a.every_turn):
        return not _go_together(a, b)
    return a.turns != b.turns and are_opposed(a.turns - b.turns, b.turns - a.turns)


def _go_together(a: Told | TurnsTold, b: Told | TurnsTold) -> bool:
    """Return whether turns that differ are no proof: outlets tell them of one event, or a
    headline says none and what follows it tells of many things.
    """
    if are_opposed(a.turns, b.turns):
        return False
    if not (a.headline_turns and b.headline_turns):
        return True
    return any((one, other) in beside() for one in a.turns for other in b.turns)


def _swaps_turn(a: Told, b: Told) -> bool:
    """Two headlines that are alike but for a turn in one, and something else in the other."""
    if a.family != b.family:
        return False
    if a.lang in UNSPACED:
        match = SequenceMatcher(None, a.headline, b.headline, autojunk=False)
        edits = [one for one in match.get_opcodes() if one[0] == "replace"]
        return match.ratio() >= _NEAR and any(
            min(to - at, end - start) >= 2 for _, at, to, start, end in edits
        )
    if not _is_near(a, b):
        return False
    if a.headline_turns and b.headline_turns:
        return not a.headline_turns & b.headline_turns
    return bool(_unmatched(a.head, b.words) or _unmatched(b.head, a.words))


def _names_apart(a: Told, b: Told) -> bool:
    """Two headlines that say nearly the same of different people, or in different places."""
    if a.headline == b.headline:
        return False
    if _is_kin(a, b) or _is_kin(b, a):
        return True
    if a.people and b.people and not (_meets(a.people, b) or _meets(b.people, a)):
        return True
    if a.family != b.family:
        return False
    if a.lang in UNSPACED:
        return _exchanged(a, b)
    if not _is_near(a, b):
        return False
    only_a, only_b = _unmatched(a.head, b.words), _unmatched(b.head, a.words)
    if not only_a or not only_b:
        return False
    if a.named and b.named:
        return bool(only_a & a.named and only_b & b.named)
    if a.lang != b.lang and a.people and b.people:
        return False
    only_a, only_b = only_a - _OFTEN, only_b - _OFTEN
    return bool(only_a and only_b) and max(len(only_a), len(only_b)) <= _DIFFERS


_OFTEN = frozenset(KEYS[word] for word in NO_NAMES)
"""Keys of words that are in many headlines and nobody's name."""


def _is_kin(a: Told, b: Told) -> bool:
    """One headline speaks of the kin of him of whom the other speaks, or of other kin of his, or
    tells of his yacht what the other tells of him.
    """
    if not a.kin.owners:
        return False
    if b.kin.owners and (THING in a.kin.relations) == (THING in b.kin.relations):
        mine, theirs = a.kin.relations, b.kin.relations
        return bool(mine and theirs) and mine.isdisjoint(theirs)
    if THING in a.kin.relations and "arrest" not in b.headline_turns:
        return False
    if a.family == b.family:
        return any(is_of(one, b.headline) for one in a.kin.owners)
    heard = (sounds(one) for one in a.kin.owners)
    return any(len(one) >= AUDIBLE and one in sounds(b.headline) for one in heard)


def _body_apart(a: Told, b: Told) -> bool:
    """Two short Items that say the same but for a day, or a name of what follows the headline."""
    if a.family != b.family or a.shingles or b.shingles:
        return False
    if a.headline != b.headline and not _is_near(a, b):
        return False
    if a.days.conflicts(b.days):
        return True
    only_a, only_b = _unmatched(a.words, b.words), _unmatched(b.words, a.words)
    if a.headline != b.headline or max(len(only_a), len(only_b)) > _DIFFERS:
        return False
    return bool(only_a & a.names and only_b & b.names)


def _meets(people: tuple[tuple[str, ...], ...], other: Told) -> bool:
    """Return whether somebody named in one headline is named in the other Item. The first word
    alone is no proof: a place or a given name may stand there.
    """
    return any(
        (len(heard := sounds("".join(name))) >= 3 and heard in other.sounds)
        or any(_is_in(word, other) for word in name[1:])
        for name in people
    )


def _is_in(word: str, other: Told) -> bool:
    if KEYS[word] in other.words or (len(sound := sounds(word)) >= 3 and sound in other.sounds):
        return True
    if len(word) < _INFLECTED or other.lang not in INFLECTING:
        return False
    stem = word[:-2][:5]
    return any(key.startswith(stem) for key in other.words)


def _is_near(a: Told, b: Told) -> bool:
    """Return whether two headlines say nearly the same, word by word."""
    if a.head.isdisjoint(b.head):
        return False
    one, other = a.headline.split(), b.headline.split()
    if min(len(one), len(other)) < _NEAR * max(len(one), len(other)):
        return False
    mine, theirs = set(one), set(other)
    if 2 * len(mine & theirs) < _NEAR * (len(mine) + len(theirs)):
        return False
    return Indel.normalized_similarity(one, other) >= _NEAR


def _unmatched(head: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return the words of a headline that the other Item does not hold, in any form."""
    starts = {word[:4] for word in other if len(word) > 3}
    return frozenset(word for word in head - other if word[:4] not in starts or len(word) < 4)


def _exchanged(a: Told, b: Told) -> bool:
    """Say the same for languages without spaces: a piece of the headline is another one."""
    one, other = without(a.headline, a.lang), without(b.headline, b.lang)
    match = SequenceMatcher(None, one, other, autojunk=False)
    if match.ratio() < _NEAR:
        return False
    for tag, low, high, first, last in match.get_opcodes():
        if tag != "replace" or min(high - low, last - first) < 2:
            continue
        mine, theirs = one[low:high].strip(_POINTS), other[first:last].strip(_POINTS)
        if mine and theirs and mine not in b.sounds and mine not in other and theirs not in one:
            return True
    return False


def _is_alike(a: Told, b: Told, weigh: Callable[[str], float] | None) -> bool:
    if _tells_nothing(a) or _tells_nothing(b):
        return False
    shared = a.turns & b.every_turn | b.turns & a.every_turn
    shares_turn = bool(shared & (a.told_turns | b.told_turns))
    if not shares_turn and a.figures.agree(b.figures):
        shares_turn = any((one, other) in beside() for one in a.turns for other in b.turns)
    if a.family == b.family and _is_worded_alike(a, b, weigh, shares_turn=shares_turn):
        return True
    common = _common_names(a, b)
    if common and not (a.turns and b.turns) and a.figures.count_alike(b.figures):
        return True
    if a.lang == b.lang:
        return False
    if shares_turn:
        return common >= 1
    return common >= 3 or (common >= 2 and a.figures.agree(b.figures))


def _tells_nothing(one: Told) -> bool:
    """Return whether an Item has but a name or a label: "Live updates", "X: what we know"."""
    return one.thin and one.words == one.head and not one.turns


def _is_worded_alike(
    a: Told, b: Told, weigh: Callable[[str], float] | None, *, shares_turn: bool
) -> bool:
    words = len(a.words & b.words)
    names = len(a.names & b.names) if a.names and b.names else words
    if a.lang in UNSPACED:
        names, words = names // 2, words // 2
    if shares_turn and names:
        many = 2 if a.named and b.named else 4
        if names >= many or a.figures.agree(b.figures):
            return True
    if not shares_turn and _share_only_names(a, b):
        return False
    overlap = _overlap(a, b, weigh)
    if overlap >= SAME_WORDS or (shares_turn and names and overlap >= SAME_TURN):
        return True
    if (a.figures.rises or b.figures.rises) and a.figures.toll and b.figures.toll:
        return overlap >= SAME_TURN and names > 0
    return overlap >= MANY_WORDS and names >= 2 and words >= _MANY


def _share_only_names(a: Told, b: Told) -> bool:
    """Return whether one or two names are all that two Items have in common: whoever follows
    somebody hears them in every story.
    """
    if a.lang in UNSPACED:
        return False
    both = a.words & b.words
    said = both - _named(a) - _named(b)
    return not said and (len(both) < _MET or bool(a.turns and b.turns))


def _named(one: Told) -> frozenset[str]:
    """Return the keys of names; in a language that writes every noun so, of full names."""
    if one.lang != NOUNS:
        return one.names
    return frozenset(KEYS[word] for name in one.people for word in name)


def _overlap(a: Told, b: Told, idf: Callable[[str], float] | None) -> float:
    """Return how much two Items say in the same words: headlines, and each with all of it. Names
    count half: whoever follows somebody hears their name in every story. A headline that tells
    nothing counts nothing.
    """
    names = frozenset[str]().union(*(one.names for one in (a, b) if one.lang != NOUNS))

    def weight(words: frozenset[str]) -> float:
        if idf is None:
            return len(words) - len(words & names) / 2
        return sum(map(idf, words)) - sum(map(idf, words & names)) / 2

    mine, theirs = a.words, b.words
    if a.thin and b.thin:
        mine, theirs = mine - a.head, theirs - b.head
    found = _share(weight(mine & theirs), weight(mine) + weight(theirs))
    if a.thin or b.thin:
        return found
    head, other_head = weight(a.head), weight(b.head)
    found = max(found, _share(weight(a.head & b.head), head + other_head))
    for one, whole, other in ((a.head, head, b.words), (b.head, other_head, a.words)):
        if len(one) >= _ENOUGH and whole:
            found = max(found, _WITHIN * weight(one & other) / whole)
    return found


def _share(both: float, each: float) -> float:
    """Return Jaccard's measure of what both have and what each has, added up."""
    return both / (each - both) if both and each > both else float(bool(both))


def _common_names(a: Told, b: Told) -> int:
    """Count the names of one Item that sound in the other, whatever its script."""
    return max(_sounding(a, b), _sounding(b, a))


def _sounding(a: Told, b: Told) -> int:
    heard = sum(one in b.sounds for one in a.heard)
    whole = (sounds("".join(name)) for name in a.people)
    met = 2 * sum(len(one) >= AUDIBLE and one in b.sounds for one in whole)
    return max(len(a.names & b.words), heard, met)


def _is_reprint(one: array[int], other: array[int], share: float) -> bool:
    if not one or not other or min(len(one), len(other)) < share * max(len(one), len(other)):
        return False
    both = len(set(one).intersection(other))
    return both >= share * (len(one) + len(other) - both)


def may_be_one_text(one: frozenset[int], other: array[int]) -> bool:
    """Return False where the shingles of two texts, the first one's as a set, are surely not those
    of one text: of the other's more are missing than may be.
    """
    mine, theirs = len(one), len(other)
    least = _LEAST * (mine + theirs)
    if not theirs or mine < least - 1 or theirs < least - 1:
        return False
    return not one.isdisjoint(other[: theirs - int(least) + 1])


def _is_one_text(a: Told, b: Told) -> bool:
    """Return whether one text stands under two headlines worded apart, which then tell its turn in
    other words. Headlines that are near each other may well tell what has changed.
    """
    if a.family != b.family or not _is_reprint(a.shingles, b.shingles, ONE_TEXT):
        return False
    return not _is_near(a, b) and not are_opposed(a.headline_turns, b.headline_turns)
