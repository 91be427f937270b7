"""Which Terms of a Watch would find too much, and which words would tell its subject apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from matching import known
from matching.anatomy import COMMON_GIVEN, COMMON_SURNAMES
from matching.notation import Form, read_term
from matching.scripts import SPACELESS
from matching.text import WORD, WORDS, Case, Word, fold
from model import Item, Watch, WatchKind

SHORT = 3
"""Letters: a single word of no more than these is found by accident."""
SHORT_FAR = 2
"""The same in scripts that say more with a letter, as 张伟."""
NEAR = 40
"""Words on each side of a mention that are looked through for context."""

_COMMON_ENGLISH = frozenset(
    """
    james john robert michael william david richard joseph thomas charles daniel matthew mark paul
    steven andrew peter george mary patricia jennifer linda elizabeth barbara susan jessica sarah
    karen lisa nancy anna emma laura
    """.split()  # noqa: SIM905  # names are read more easily so
)
_COMMON_ENGLISH_SURNAMES = frozenset(
    """
    smith johnson williams brown jones davis miller wilson moore taylor anderson thomas jackson
    white harris martin thompson clark lewis lee walker hall allen young king wright scott green
    baker adams nelson hill campbell mitchell roberts carter phillips evans turner
    """.split()  # noqa: SIM905  # names are read more easily so
)


@dataclass(frozen=True, slots=True)
class Risk:
    """One Term that would find too much; worded from the catalogue as `risk.<code>`."""

    code: str
    """common_name, one_word, short, ordinary or place."""
    term: str
    """As its owner wrote it."""
    words: tuple[str, ...] = ()
    """Words that stand near it in sample Items and would tell its subject apart."""


def find_risks(watch: Watch, samples: Iterable[Item] = ()) -> list[Risk]:
    """Return what is risky about the names and strong aliases of `watch`, at most one Risk a Term.
    Nothing is where the Watch itself asks for further words. `samples`: stored Items, from which
    context words are suggested.
    """
    if watch.require or watch.kind is WatchKind.CASE:
        return []
    risks = [Risk(code, t) for t in (watch.name, *watch.aliases) if (code := _code(watch, t))]
    if not risks:
        return []
    items = list(samples)
    return [Risk(risk.code, risk.term, context_words(risk.term, items)) for risk in risks]


def context_words(term: str, samples: Iterable[Item], most: int = 6) -> tuple[str, ...]:
    """Return the words that stand near `term` in `samples` more often than elsewhere, names first;
    the likeliest first, written as they mostly stand there.
    """
    wanted = tuple(fold(raw) for raw in WORD.findall(term))
    near: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for item in samples:
        words = [WORDS[raw] for raw in WORD.findall(f"{item.title} . {item.summary} {item.text}")]
        around = [word for word in _around(words, wanted) if _tells(word, wanted)]
        everywhere.update({word.fold for word in words})
        near.update({word.fold for word in around})
        for word in around:
            spelt.setdefault(word.fold, Counter())[word.raw] += 1
    shown = {word: spelt[word].most_common(1)[0][0] for word, count in near.items() if count > 1}
    weight = {
        word: near[word] ** 2 / everywhere[word] * (1 if raw.islower() else 2)
        for word, raw in shown.items()
    }
    return tuple(shown[word] for word in sorted(weight, key=lambda w: (-weight[w], w))[:most])


def _around(words: Sequence[Word], wanted: tuple[str, ...]) -> Iterator[Word]:
    """Yield each word that stands near a place where all of `wanted` follow each other."""
    length = len(wanted)
    folds = [word.fold for word in words]
    marked: set[int] = set()
    for at in range(len(folds) - length + 1 if length else 0):
        if tuple(folds[at : at + length]) == wanted:
            marked.update(range(max(0, at - NEAR), min(len(folds), at + length + NEAR)))
    return (words[at] for at in sorted(marked))


def _tells(word: Word, wanted: tuple[str, ...]) -> bool:
    if word.fold in wanted or word.fold in known.words("little.txt") or word.fold.isdecimal():
        return False
    return len(word.fold) > 2 if word.case is not Case.LOWER else len(word.fold) > 4


def _code(watch: Watch, term: str) -> str:
    """Return the risk of one Term, or nothing."""
    written = read_term(term)
    if written.form in {Form.LITERAL, Form.WITHIN}:
        return ""
    words = [WORDS[raw] for raw in WORD.findall(written.parts[0])]
    folds = [word.fold for word in words]
    if not folds:
        return ""
    spaceless = bool(SPACELESS.match(folds[0]))
    if sum(len(one) for one in folds) <= (SHORT_FAR if spaceless else SHORT):
        return "short"
    if " ".join(folds) in _places():
        return "place"
    if all(one in known.words("ordinary.txt") | known.words("little.txt") for one in folds):
        return "ordinary"
    named = written.form is Form.NAME and watch.kind is WatchKind.PERSON
    if len(folds) == 1 and not spaceless:
        return "one_word" if named or known.given(words[0]) or known.surname(words[0]) else ""
    return "common_name" if _common(folds) and not watch.context else ""


def _common(folds: Sequence[str]) -> bool:
    """Whether these are nothing but a very common given name and a very common surname."""
    if len(folds) > 3:
        return False
    first, last = folds[0], folds[-1]
    iberian = first in COMMON_GIVEN and all(one in COMMON_SURNAMES for one in folds[1:])
    english = first in _COMMON_ENGLISH and last in _COMMON_ENGLISH_SURNAMES and len(folds) == 2
    two_given = len(folds) == 3 and {*folds[:2]} <= COMMON_GIVEN and last in COMMON_SURNAMES
    return iberian or english or two_given


@cache
def _places() -> frozenset[str]:
    lines = (known.DATA / "places.txt").read_text("utf-8").splitlines()
    names = (one.strip() for line in lines if not line.startswith("#") for one in line.split(","))
    return frozenset(" ".join(fold(raw) for raw in WORD.findall(name)) for name in names)
