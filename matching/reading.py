"""One field of an Item, read: its words, what stands between them, how it is written."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cached_property

from matching import endings, known, scripts
from matching.text import APOSTROPHES, HYPHENS, WORDS, Case, Token, Word, word_pattern


class Gap(IntEnum):
    """What stands between two words."""

    NONE = 0
    SPACE = 1
    HYPHEN = 2
    POINT = 3
    """A point, with or without a space: the end of an initial, or of a sentence."""
    COMMA = 4
    OPEN = 5
    """A quotation mark or bracket that opens."""
    CLOSE = 6
    QUOTE = 7
    """Both, or one that may be either."""
    AND = 8
    HARD = 9
    """Anything that parts what is not one name: ; : / a dash, a new paragraph."""


_OPENING = "«“„‚‘‹([「『《〈【"
_CLOSING = "»”’›)]」』》〉】"
_EITHER = "\"'`´“”‟″"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_DOTS = "・·•‧∙＝゠"


def gap_of(between: str) -> Gap:
    """Return what the characters between two words are."""
    if between == " ":
        return Gap.SPACE
    text = _INVISIBLE.sub("", between)
    if text == "—":
        return Gap.HARD
    if text and (text in HYPHENS or (text[0] in HYPHENS and text.strip(" \r")[1:] == "\n")):
        return Gap.HYPHEN
    bare = text.strip()
    if not bare:
        return _blank(text)
    if bare in {".", ".-", ".‑", ".‐", "º", "ª", "º.", "ª."}:
        return Gap.POINT
    if bare in {",", ".,", "،", "、", "，"}:
        return Gap.COMMA
    if bare in {"&", "+", "＆"}:
        return Gap.AND
    if len(bare) == 1 and bare in _DOTS:
        return Gap.SPACE
    if text == "_":
        return Gap.HYPHEN  # #emilio_lozoya, /emilio_lozoya/
    return _quote(text, bare)


def _blank(text: str) -> Gap:
    if not text:
        return Gap.NONE
    return Gap.HARD if text.count("\n") > 1 or "\u2029" in text else Gap.SPACE


def _quote(text: str, bare: str) -> Gap:
    bare = bare.replace("''", '"')
    if len(bare) == 2 and bare[0] in "([" and text[:1].isspace():
        return Gap.OPEN
    if len(bare) == 2 and bare[1] in ")]" and text[-1:].isspace():
        return Gap.CLOSE
    if len(bare) != 1:
        if len(bare) == 2 and bare[0] == "." and bare[1] in _OPENING + _EITHER:
            return Gap.OPEN
        return Gap.HARD
    before, after = text[:1].isspace(), text[-1:].isspace()
    if bare in _EITHER or bare in APOSTROPHES or bare in _OPENING or bare in _CLOSING:
        if before and not after:
            return Gap.OPEN
        if after and not before:
            return Gap.CLOSE
        if bare in "([「『《〈【«„":
            return Gap.OPEN
        if bare in ")]」』》〉】»":
            return Gap.CLOSE
    return Gap.HARD


class Style(IntEnum):
    """How the words of a sentence are capitalised."""

    SENTENCE = 0
    HEADLINE = 1
    """Most words begin with a capital: one more says nothing."""
    CAPITALS = 2
    SMALL = 3
    """No capitals at all."""


_GERMAN = known.listed("german")
_LETTERS = (
    ("hungarian", re.compile("[őűŐŰ]")),
    ("slavic", re.compile("[ąćęłńśźżěščřžýůďťňĆĘŁŃŚŹŻĚŠČŘŽÝŮĎŤŇđĐ]")),
    ("turkish", re.compile("[ğşıİĞŞ]")),
    ("romanian", re.compile("[ășțţĂȘȚŢ]")),
    ("baltic", re.compile("[ėįųūāēīļņķģ]")),
)
_TELLING = re.compile("[" + "".join(letters.pattern.strip("[]") for _, letters in _LETTERS) + "]")
_SMALL_WORDS = (
    (
        "hungarian",
        frozenset(["az", "es", "egy", "hogy", "nem", "volt", "meg", "szerint", "ellen", "miatt"]),
    ),
    (
        "slavic",
        frozenset(
            [
                "ze",
                "sie",
                "nie",
                "jest",
                "byl",
                "byla",
                "je",
                "ve",
                "ke",
                "ale",
                "pro",
                "przez",
                "oraz",
                "wraz",
                "proti",
                "podle",
            ]
        ),
    ),
    ("turkish", frozenset(["ve", "bir", "bu", "icin", "ile", "gibi"])),
)
_ALL_SMALL = frozenset().union(*(small for _, small in _SMALL_WORDS))
_ELIDED = known.listed("elisions") | {"o"}
_APART = frozenset({"' ", "’ "})
NEUTRAL = 3


class Reading:
    """The words of one field."""

    def __init__(self, text: str, lang: str = "", words: list[str] | None = None) -> None:
        """Read `text`; `lang` is the language its Source declares, empty when unknown; `words` are
        its words, where they were found already.
        """
        self.text = text
        self.lang = lang[:2].lower()
        self.spans = [match.span() for match in word_pattern(text).finditer(text)]
        self._words = words or [text[start:end] for start, end in self.spans]
        self._gaps: dict[int, Gap] = {}
        self._styles: dict[tuple[int, int], Style] = {}

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.spans)

    @cached_property
    def tokens(self) -> list[Token]:
        """The words with their places."""
        return [
            Token(start, end, WORDS[raw])
            for (start, end), raw in zip(self.spans, self._words, strict=True)
        ]

    @cached_property
    def capitals(self) -> bool:
        """Whether there are capitals among the first words."""
        return any(WORDS[raw].case in {Case.TITLE, Case.UPPER} for raw in self._words[:200])

    def word(self, place: int) -> Word:
        """Return the word at `place`."""
        return WORDS[self._words[place]]

    def gap(self, place: int) -> Gap:
        """Return what stands between the words at `place` and `place` + 1."""
        gap = self._gaps.get(place)
        if gap is None:
            if 0 <= place < len(self.spans) - 1:
                between = self.text[self.spans[place][1] : self.spans[place + 1][0]]
                if between != " " and self.word(place).script == scripts.HEBREW:
                    between = between.lstrip(APOSTROPHES) or between
                gap = gap_of(between)
                if gap is Gap.OPEN and self._words[place + 1] == "t":
                    gap = Gap.SPACE  # van ’t Hof
                elif gap is Gap.CLOSE and between in _APART and self.word(place).fold in _ELIDED:
                    gap = Gap.SPACE  # Dell’ Orto
            else:
                gap = Gap.HARD
            self._gaps[place] = gap
        return gap

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The families of endings that Latin words may bear here."""
        return spoken_in(self.text, self.lang, self._words)

    @cached_property
    def german(self) -> bool:
        """Whether nouns bear capitals here."""
        if self.lang:
            return self.lang in {"de", "lb"}
        return sum(token.word.fold in _GERMAN for token in self.tokens[:400]) > 2

    def style(self, start: int, end: int) -> Style:
        """Return how the sentence around the words `start` to `end` is capitalised, these words
        and its first left out of account.
        """
        key = (start, end)
        if key not in self._styles:
            self._styles[key] = self._style(start, end)
        return self._styles[key]

    def _style(self, start: int, end: int) -> Style:
        opens, closes, counts = self._sentences
        end = min(end, len(self))
        low = max(opens[start], start - STYLE_REACH)
        high = min(closes[end - 1], end + STYLE_REACH)
        # The first word of a sentence bears a capital in any style.
        before, after = (min(low + 1, start), start), (end, high)
        cased, upper, small = (
            sum(count[last] - count[first] for first, last in (before, after)) for count in counts
        )
        if not cased:
            return Style.SENTENCE
        if upper > 0.8 * cased:
            return Style.CAPITALS
        if small <= 0.25 * cased:
            return Style.HEADLINE if cased > 1 else Style.SENTENCE
        return Style.SENTENCE

    @cached_property
    def _sentences(self) -> tuple[list[int], list[int], tuple[list[int], list[int], list[int]]]:
        """For each word where its sentence begins and where it ends; and before each word how many
        longer words have capitals or could have, all capitals, none.
        """
        opens, closes = [0] * len(self), [len(self)] * len(self)
        cased, upper, small = [0], [0], [0]
        for place, raw in enumerate(self._words):
            parted = place == 0 or self.gap(place - 1) in {Gap.HARD, Gap.POINT}
            opens[place] = place if parted else opens[place - 1]
            word = WORDS[raw]
            counts = word.case is not Case.NONE and len(word.fold) > NEUTRAL
            cased.append(cased[-1] + counts)
            upper.append(upper[-1] + (counts and word.case is Case.UPPER))
            small.append(small[-1] + (counts and word.case is Case.LOWER))
        for place in range(len(self) - 2, -1, -1):
            closes[place] = place + 1 if opens[place + 1] == place + 1 else closes[place + 1]
        return opens, closes, (cased, upper, small)


STYLE_REACH = 40
"""Words on each side of a name that tell how its sentence is written."""


def spoken_in(text: str, lang: str, words: list[str]) -> frozenset[str]:
    """Return the families of endings that Latin words may bear in `text`: by its declared language,
    or by letters that few languages have and a few of their commonest words.
    """
    family = endings.FAMILY_OF.get(lang[:2].lower())
    if lang and family is None:
        return frozenset()
    found = {family} if family else {"genitive"}
    if not text.isascii() and _TELLING.search(text):
        found.update(name for name, letters in _LETTERS if letters.search(text))
    if not family:
        seen = _ALL_SMALL.intersection(words)
        if len(seen) > 1:
            found.update(name for name, small in _SMALL_WORDS if len(seen & small) > 1)
    return frozenset(found)


def is_given(word: Word) -> bool:
    """Whether `word` can be somebody's given name here: known, and with a capital."""
    if not word.capital or word.raw in _NOT_GIVEN:
        return False
    homes = known.given(word)
    # Cayó, Murió: a Spanish verb opens the sentence.
    return bool(homes) and not (word.raw[-1] == "ó" and "hu" not in homes)


_NOT_GIVEN = frozenset({"على", "علی"})
"""The Arabic word for "on", which folds to Ali."""
