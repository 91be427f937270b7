"""Where one given name or surname stands in a text: as written, fused, split or bare."""

from __future__ import annotations

import re
import unicodedata

from matching import abroad, anatomy, eastern, known, names, scripts, sounds
from matching.aligned import ALPHABETS, SOFT, Hit, Matched, Surnames, initial_of, is_initial
from matching.anatomy import Culture, Part, Person
from matching.customs import GREEK, HEBREW, customs_of
from matching.fit import Dress, Fit, another_gender, fit
from matching.reading import Gap, Reading, is_given
from matching.text import WORDS, Case, Word

_FREE_VOWELS = frozenset("aeiou")

_HISSES = (frozenset("hc"), frozenset("sc"), frozenset("si"), frozenset("fp"))
"""First letters of skeletons that stand for one sound: h and ch; in French ch for sh, j for zh;
in Thailand ph for p.
"""
_SLAVIC_OPENERS = {"e": "ei", "i": "eish", "g": "gh", "h": "ghci", "s": "sci", "c": "cshi"}
"""First letters of a Russian or Ukrainian name, and what else it may begin with in other
countries: Efimov is Jefimow, Goncharenko Honcharenko, Zhukov Jukov, Tsoi Zoi.
"""
_SERVANT_OF = frozenset({"abd", "abdel", "abdul", "abdal"})
_FATHER_OF = frozenset({"ابو", "ابا", "ابي"})
"""Abu in its three cases, the only word of a name of which Arabic writes the case."""

_GREEK_ARTICLES = frozenset("ΟΗ")
_TSADI = frozenset("tsc")
"""First letters of what stands for צ in skeletons."""

_FINAL_YA = re.compile(r"ي\b")
_WITH_ARTICLE = re.compile(r"[aeiou](?:l|(.)\1|[sc]h)")
"""How a Latin name begins that may have the Arabic article: Elias, Assayed, Ashraf."""

_AND = {"fr": "et", "nl": "en", "it": "ed"}
"""What says "and" where these languages are declared, and is an Arabic article elsewhere."""

_BEFORE_TITLES = frozenset({"el", "al", "del", "la", "los", "las"})

_IN_SHORT = (
    *({"st", "saint"}, {"ste", "sainte"}, {"sta", "santa"}, {"sto", "santo"}),
    {"t", "het"},
)


class Parts:
    """Finds the parts of one Person in one Reading."""

    def __init__(self, person: Person, reading: Reading) -> None:
        """Take the name and the field."""
        self.person = person
        self.reading = reading
        self.refused: list[Hit] = []
        # Where nobody said which language this is, the name's own may be spoken.
        own = frozenset({person.tongue}) if person.tongue and not reading.lang else frozenset()
        self.spoken = reading.spoken | own
        self.arabic = person.culture is Culture.ARABIC
        self.toned = person.culture is Culture.EASTERN and eastern.toned(person)
        self.korean = person.culture is Culture.EASTERN and eastern.is_korean(person)
        self.script = person.surnames[0].word.script
        self.customs = customs_of(person.given[0].word, person.surnames[-1].word)
        self.throaty = self.arabic or GREEK in self.customs
        self.lettered = self.script in ALPHABETS and not self.korean
        self.openers = frozenset[str]().union(*(part.openers for part in person.surnames))
        self._found: dict[tuple[int, int], Matched | None] = {}
        self.slots = [(g, p) for g, part in enumerate(person.given) for p in part.pieces]

    def _may_open(self, word: Word, openers: frozenset[str]) -> bool:
        """Whether parts with these first letters can begin with `word`."""
        if word.script != self.script or word.head or not self.lettered:
            return True
        first = word.skeleton[:1]
        if first in openers or word.fold in anatomy.ABBREVIATIONS:
            return True
        if self.person.culture is Culture.SLAVIC and first in _SLAVIC_OPENERS:
            return not openers.isdisjoint(_SLAVIC_OPENERS[first])
        if HEBREW in self.customs and any(self._interchange(first, one) for one in openers):
            return True
        if self.throaty and first in {"g", "i"} and not openers.isdisjoint({"g", "i"}):
            return True
        if self.arabic and first in {"g", "k"} and not openers.isdisjoint({"g", "k"}):
            return True
        return self.arabic and first in _FREE_VOWELS

    def _fit(self, name: Word, place: int) -> Fit | None:
        word = self.reading.word(place)
        if word.script != name.script and word.script in self.person.spelled:
            return None
        if (
            word.script == scripts.ARABIC
            and name.raw != word.raw
            and (
                self._is_preposition(word)
                or (name.script == scripts.LATIN and self._the(name, word))
            )
        ):
            return None
        if not self.korean and word.script == name.script and not word.head:
            first, other = name.skeleton[:1], word.skeleton[:1]
            if first != other and name.script in ALPHABETS and not self._interchange(first, other):
                return None
        if self.person.culture is Culture.EASTERN:
            return None if word.script == scripts.HANGUL else self._eastern(name, word)
        found = fit(name, word, self.spoken, arabic=self.arabic)
        if self.korean and found is not None and found.dress is Dress.VARIANT:
            # In Korean romanisation j and y are two sounds: Jong-chul is not Yong-chul.
            return found if name.fold.count("j") == word.fold.count("j") else None
        if self.customs and (found is None or found.dress is Dress.TYPO):
            return self._by_custom(name, word) or found
        if self.person.culture is Culture.SLAVIC and (found is None or found.dress is Dress.TYPO):
            return (
                found
                if another_gender(name, word)
                else abroad.written(name, word, self.spoken) or found
            )
        return found

    def _is_preposition(self, word: Word) -> bool:
        """Whether a word that folds to Ali says "to" or "on", in a text that tells final letters
        apart as Egyptians do not.
        """
        if word.raw == "إلى":
            return True
        return word.raw in {"على", "الى"} and _FINAL_YA.search(self.reading.text) is not None

    def _the(self, name: Word, word: Word) -> bool:
        """Whether a word has an article that a given name has not: رجل الأعمال is a businessman and
        no Amal.
        """
        if not word.fold.startswith("ال") or _WITH_ARTICLE.match(name.fold):
            return False
        return any(name is piece for _, piece in self.slots)

    def _by_custom(self, name: Word, word: Word) -> Fit | None:
        """Return the fit of another spelling that the name's own people has."""
        if not any(custom.alike(name, word) for custom in self.customs):
            return None
        return Fit(Dress.VARIANT if name.script == word.script else Dress.SCRIPT)

    def _eastern(self, name: Word, word: Word) -> Fit | None:
        """Return the fit of an Eastern name: a slip makes another syllable, and so another name;
        and so does another tone, where the text writes tones.
        """
        if self.korean and sounds.same_korean(name, word):
            return Fit(Dress.EXACT if name.fold == word.fold else Dress.VARIANT)
        one = fit(name, word, self.spoken)
        toned = self.toned and not word.raw.isascii()
        if one is None or one.dress is Dress.TYPO or _another_tone(name, word, toned=toned):
            return None
        if self.korean and one.dress is Dress.VARIANT:
            return None
        if one.dress is Dress.INFLECTED and not word.fold.startswith(name.fold):
            return None  # Nghị is no case of Nghĩa
        return one

    def _interchange(self, first: str, other: str) -> bool:
        """Whether two first letters may stand for one sound in romanised names."""
        slavic = self.person.culture is Culture.SLAVIC
        return (
            {first, other} in _HISSES
            or (slavic and other in _SLAVIC_OPENERS.get(first, ""))
            or (self.throaty and {first, other} == {"g", "i"})
            or (
                HEBREW in self.customs
                and ({first, other} <= _TSADI or {first, other} == {"c", "k"})
            )
            or (self.arabic and ({first, other} <= _FREE_VOWELS or {first, other} == {"g", "k"}))
        )

    def part(self, part: Part, place: int) -> Matched | None:
        """Return `part`, one of the Person's, where it begins at `place`: as written, fused, split
        or bare.
        """
        key = (id(part), place)
        if key not in self._found:
            self._found[key] = self._part(part, place)
        return self._found[key]

    def _part(self, part: Part, place: int) -> Matched | None:
        if not self._may_open(self.reading.word(place), part.openers):
            return None
        return (
            self._pieces(part.pieces, place)
            or self._fused(part, place)
            or self._with_second(part, place)
            or self._split(part.word, place)
            or self._core(part, place)
        )

    def _pieces(self, pieces: tuple[Word, ...], place: int) -> Matched | None:
        fits: list[Fit] = []
        for step, piece in enumerate(pieces):
            at = place + step
            if at >= len(self.reading) or (step and not self._soft(at - 1, piece=True)):
                return None
            one = self._piece(piece, at, last=step == len(pieces) - 1)
            if one is None or (one.spare and step < len(pieces) - 1):
                return None
            fits.append(one)
        return Matched(place, place + len(pieces) - 1, tuple(fits))

    def _piece(self, piece: Word, at: int, *, last: bool) -> Fit | None:
        if not last:
            folded = self.reading.word(at).fold
            if piece.fold in anatomy.ARTICLES_AR and self._says_and(at):
                return None
            if self.arabic and (
                {piece.fold, folded} <= anatomy.ARTICLES_AR
                or {piece.fold, folded} <= anatomy.SON_OF
            ):
                return Fit(Dress.EXACT)
            if {piece.fold, folded} <= _FATHER_OF:
                return Fit(Dress.EXACT if piece.fold == folded else Dress.VARIANT)
            if {piece.fold, folded} <= _SERVANT_OF or {piece.fold, folded} in _IN_SHORT:
                return Fit(Dress.EXACT)
            if piece.fold in anatomy.PARTICLES and folded == piece.fold[0] and len(piece.fold) > 1:
                return Fit(Dress.EXACT) if self.reading.gap(at) is Gap.POINT else None
        found = self._fit(piece, at)
        if found is not None and found.dress < Dress.INFLECTED:
            return found
        # Василий looks like a case of Василь; it is rather the Russian form of it.
        return self._sister(piece, at) or found

    def _sister(self, piece: Word, at: int) -> Fit | None:
        """Return the fit of a given name as a sister language has it (Микола for Николай)."""
        if self.person.culture is not Culture.SLAVIC or all(piece is not p for _, p in self.slots):
            return None
        for other in known.equivalents(piece.fold):
            found = self._fit(WORDS[other], at)
            if found is not None and found.dress is not Dress.TYPO:
                return (
                    found if found.dress is not Dress.EXACT else found._replace(dress=Dress.VARIANT)
                )
        return None

    def _fused(self, part: Part, place: int) -> Matched | None:
        if len(part.pieces) == 1:
            return None
        one = self._fit(part.word, place)
        return Matched(place, place, (one,)) if one else None

    def _with_second(self, part: Part, place: int) -> Matched | None:
        """Return Mohammad where it is written as one word with the name after it (محمدجواد)."""
        if not self.arabic or len(self.person.given) < 2 or part is not self.person.given[0]:
            return None
        both = names.mohammads(part.word, self.person.given[1].word)
        one = self._fit(both, place) if both else None
        return Matched(place, place, (one,)) if one else None

    def _split(self, word: Word, place: int) -> Matched | None:
        raw = self.reading.word(place).raw
        folded = self.reading.word(place).fold
        if len(folded) >= len(word.fold) + 2 or not folded or not self._opens(word, folded):
            return None
        if self._says_and(place):
            return None
        for at in range(place + 1, min(place + 4, len(self.reading))):
            if self.reading.gap(at - 1) not in SOFT:
                return None
            raw += self.reading.word(at).raw
            if len(raw) > len(word.raw) + 4 or self._is_preposition(self.reading.word(at)):
                return None
            one = self._whole(word, WORDS[raw])
            if one is not None and one.dress < Dress.TYPO:
                return Matched(place, at, (one,))
        return None

    def _whole(self, name: Word, word: Word) -> Fit | None:
        if self.person.culture is Culture.EASTERN:
            return self._eastern(name, word)
        return fit(name, word, self.spoken, arabic=self.arabic)

    def _opens(self, word: Word, folded: str) -> bool:
        """Whether a word may be the beginning of `word`, written apart."""
        if scripts.script_of(folded) != word.script:
            return self.arabic
        if self.arabic and folded in anatomy.ARTICLES_AR:
            return word.fold[0] in "aei"
        if self.arabic or self.korean:
            return word.fold[0] == folded[0]
        return word.fold.startswith(folded)

    def _says_and(self, place: int) -> bool:
        """Whether what looks like an Arabic article parts two people: Youssef et Tayeb (fr)."""
        word = self.reading.word(place)
        if word.fold != _AND.get(self.reading.lang) or word.case is Case.TITLE:
            return False
        return self.reading.gap(place) is Gap.SPACE and self.reading.capitals

    def _core(self, part: Part, place: int) -> Matched | None:
        if part.core is None:
            return None
        found = self._pieces(part.pieces[len(part.particles) :] or (part.core,), place)
        if found is None and len(part.pieces) == 1:
            found = self._pieces((part.core,), place)
        return found._replace(bare=True) if found else None

    def _soft(self, place: int, *, piece: bool = False) -> bool:
        """Whether the words at `place` and `place` + 1 may belong to one name."""
        gap = self.reading.gap(place)
        if gap in SOFT:
            return True
        if gap is not Gap.POINT:
            return False
        folded = self.reading.word(place).fold
        if len(folded) == 1 or folded in {"st", "jr", "sr"}:
            return True
        return piece or folded in anatomy.ABBREVIATIONS

    def _surnames(self, place: int) -> Surnames | None:
        """Return the surnames that begin at `place`, with all that follow in their order."""
        if not self._may_open(self.reading.word(place), self.openers):
            return None
        for index, part in enumerate(self.person.surnames):
            first = self.part(part, place)
            if first is None or (first.bare and not self._bare_allowed(part)):
                continue
            opens = first.first
            if len(first.fits) > 1 or self.reading.word(opens).fold in anatomy.ARTICLES_AR:
                opens = first.last
            if self.reading.word(opens).case is Case.LOWER and self._odd_small(first):
                continue
            return self._more_surnames({index: first}, index + 1)
        return None

    def _bare_allowed(self, part: Part) -> bool:
        """Whether a surname may go without its particles; "son of" is no particle to leave out."""
        return bool(part.core) and anatomy.SON_OF.isdisjoint(part.particles)

    def _odd_small(self, found: Matched) -> bool:
        """Whether a small-letter surname stands in a text that has capitals."""
        if self.person.surnames and self.person.surnames[0].pieces[-1].case is Case.LOWER:
            return False
        if self.reading.text[: self.reading.spans[found.first][0]].endswith("_"):
            return False  # tags are often written small: #emilio_lozoya
        return self.reading.capitals

    def _more_surnames(self, matched: dict[int, Matched], index: int) -> Surnames:
        first = next(iter(matched.values())).first
        last = next(iter(matched.values())).last
        joined = cut = False
        while index < len(self.person.surnames):
            step = self._next_surname(self.person.surnames[index], last)
            if step is None:
                break
            found, with_and, initial = step
            joined, cut = joined or with_and, cut or initial
            if not initial:
                matched[index] = found
            last = found.last
            index += 1
        return Surnames(matched, first, last, joined, cut)

    def _next_surname(self, part: Part, last: int) -> tuple[Matched, bool, bool] | None:
        if last + 1 >= len(self.reading):
            return None
        if self.reading.gap(last) in {Gap.OPEN, Gap.QUOTE}:
            return self._past_nickname(part, last)
        if self.reading.gap(last) not in SOFT:
            return None
        nxt = self.reading.word(last + 1)
        if (
            nxt.fold in anatomy.JOINING
            and nxt.case is not Case.TITLE
            and last + 2 < len(self.reading)
        ):
            bare = anatomy.make_part(tuple(p for p in part.pieces if p.fold not in anatomy.JOINING))
            found = self._part(bare, last + 2) if self.reading.gap(last + 1) in SOFT else None
            return (found, True, False) if found else None
        found = self.part(part, last + 1)
        if found is not None:
            return found, False, False
        cut = is_initial(nxt) and nxt.fold == initial_of(part)
        if cut and self.reading.gap(last + 1) is not Gap.SPACE:
            return Matched(last + 1, last + 1, ()), False, True
        return None

    def _past_nickname(self, part: Part, last: int) -> tuple[Matched, bool, bool] | None:
        """Return the next surname where a quoted nickname stands before it."""
        for place in range(last + 1, min(last + 7, len(self.reading) - 1)):
            if self.reading.gap(place) in {Gap.CLOSE, Gap.QUOTE}:
                found = self.part(part, place + 1)
                return (found, False, False) if found else None
            if self.reading.gap(place) is Gap.HARD:
                return None
        return None

    def _ending_at(self, part: Part, place: int) -> Matched | None:
        longest = min(len(part.pieces) + 1, 4)
        for first in range(max(0, place - longest), place + 1):
            found = self.part(part, first)
            if found is not None and found.last == place:
                return found
        return self._turned(part, place) or self._abbreviated(part, place)

    def _turned(self, part: Part, place: int) -> Matched | None:
        """Return a Vietnamese given name in Western order (Phuc Hoang Trinh)."""
        if self.person.culture is not Culture.EASTERN or len(part.pieces) != 2:
            return None
        if not eastern.vietnamese(self.person.surnames[0].word):
            return None
        found = self._pieces(part.pieces[::-1], place - 1) if place else None
        if found is None and place + 2 < len(self.reading):
            # Khoi Le Minh for Lê Minh Khôi: only what they call him by comes first.
            own, middle = self._fit(part.pieces[1], place), self._fit(part.pieces[0], place + 2)
            found = Matched(place, place, (own, middle)) if own and middle else None
        return found

    def _abbreviated(self, part: Part, place: int) -> Matched | None:
        word = self.reading.word(place)
        meant = anatomy.ABBREVIATIONS.get(word.fold)
        if meant is None or meant != part.word.fold:
            return None
        pointed = self.reading.gap(place) is Gap.POINT or word.raw.endswith("ª")
        return (
            Matched(place, place, (Fit(Dress.EXACT),))
            if pointed or word.case is Case.UPPER
            else None
        )

    def _given_at(self, place: int) -> bool:
        """Whether the word at `place` can be somebody's given name, in the language of the text."""
        word = self.reading.word(place)
        if not is_given(word):
            return False
        if self.reading.lang:
            return word.fold not in known.openers(self.reading.lang)
        opens = self.reading.gap(place - 1) in {Gap.POINT, Gap.HARD}
        return not (opens and word.fold in known.openers(""))

    def _refuse(self, first: int, last: int, code: str) -> None:
        if 0 <= first <= last < len(self.reading):
            start, end = self.reading.spans[first][0], self.reading.spans[last][1]
            self.refused.append(Hit(start, end, 0, code, (self.reading.text[start:end],)))

    def _honours(self, place: int) -> bool:
        """Whether what looks like an initial is a title: M. (Monsieur) in French, and in Spanish,
        after an article, C. (ciudadano) and D. (don); or the article that Greeks put before names.
        """
        raw = self.reading.word(place).raw
        end = self.reading.spans[place][1]
        if raw in _GREEK_ARTICLES:
            return self.reading.gap(place) is Gap.SPACE
        if (
            self.reading.text[end : end + 1] != "."
            or not self.reading.text[end + 1 : end + 2].isspace()
        ):
            return False
        if raw == "M":
            return self.reading.lang == "fr"
        if raw not in {"C", "D"} or not place:
            return False
        before = self.reading.word(place - 1).raw
        return before in _BEFORE_TITLES and self.reading.lang in {"", "es"}

    def _pointed(self, place: int) -> bool:
        end = self.reading.spans[place][1]
        return self.reading.text[end : end + 1] == "."


_TONED = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
"""Letters that only Vietnamese has."""


def _another_tone(name: Word, word: Word, *, toned: bool) -> bool:
    """Whether two words differ in tone only; `toned`: a name without a sign has a level tone."""
    raw, other = (unicodedata.normalize("NFC", one.raw).lower() for one in (name, word))
    plain = (raw.isascii() and not toned) or other.isascii()
    if raw == other or plain or name.fold != word.fold:
        return False
    return toned or bool(_TONED.search(raw) or _TONED.search(other))
