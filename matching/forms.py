"""From a Watch to its Terms, and from a Term to its compiled shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from matching import (
    abroad,
    anatomy,
    eastern,
    entities,
    known,
    letters,
    names,
    scripts,
    sounds,
)
from matching.anatomy import Person, Phrase
from matching.cases import DocketNumber, is_united_states, parse_docket, split_caption
from matching.chinese import elsewhere
from matching.customs import customs_of
from matching.fit import SHORTEST_TYPO, fit
from matching.phrases import is_acronym
from matching.text import WORD, WORDS, Word, fold, of_each, skeleton, sound, word_pattern
from matching.within import Within, within
from model.errors import TermError
from model.watch import Watch, WatchKind

MOST_NAMES = 200
MOST_WORDS = 24
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Term:
    """One spelling, alias, phrase or docket number to look for. Equal Terms of different Watches
    are looked for once.
    """

    text: str
    """As its owner wrote it."""
    kind: WatchKind
    weak: bool = False
    """A nickname."""
    near: bool = False
    """A surname that counts near a context word."""
    alias: bool = False
    hints: str = ""
    """The other names of the Watch, for origin."""
    spelled: frozenset[str] = frozenset()
    """The scripts in which the Watch spells the name itself."""
    derived: bool = False
    """Romanised by us, from another script or from pinyin."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The parties of a case."""

    text: str
    plaintiff: Phrase | None
    """None: the United States."""
    defendant: Phrase
    family: Phrase | None = None
    """The defendant's two surnames alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """A name in a script without spaces."""

    text: str
    folded: str
    """Without spaces and dots."""
    script: str
    person: bool = False


Shape = Person | Phrase | Caption | DocketNumber | Run | Within

_QUOTED = re.compile(r'^(?P<literal>=?)\s*["“”«„](?P<text>.*)["“”»]$', re.DOTALL)
_HINTED = frozenset({WatchKind.PERSON})


def terms_of(watch: Watch) -> list[Term]:
    """Return the Terms of a Watch; TermError when it can't be watched as it stands."""
    strong = [watch.name, *watch.aliases]
    if len(strong) + len(watch.nicknames) > MOST_NAMES:
        raise TermError(
            f"“{watch.name[:40]}” has more than {MOST_NAMES} names; split it into several watches."
        )
    hints = " ".join(watch.aliases[:4])[:80] if watch.kind in _HINTED else ""
    spelled = _spelled(_alike(strong)) if watch.kind is WatchKind.PERSON else frozenset()
    first = Term(watch.name, watch.kind, hints=hints, spelled=spelled)
    found = [first]
    found += [
        Term(text, watch.kind, alias=True, spelled=spelled)
        for text in watch.aliases
        if text != watch.name
    ]
    found += [Term(text, watch.kind, weak=True, alias=True) for text in watch.nicknames]
    for term in found:
        _check(term)
    if watch.context and watch.kind is WatchKind.PERSON and isinstance(shape_of(first), Person):
        found.append(replace(first, weak=True, near=True))
    if watch.kind is WatchKind.PERSON and scripts.LATIN not in spelled:
        found += [
            Term(latin, watch.kind, spelled=spelled, derived=True)
            for latin in map(eastern.romanised, strong)
            if latin
        ]
    shapes = (shape_of(term) for term in found if not (term.weak or term.derived))
    others = [text for shape in shapes if isinstance(shape, Person) for text in elsewhere(shape)]
    found += [Term(text, watch.kind, spelled=spelled, derived=True) for text in others]
    return list(dict.fromkeys(found))


def _alike(strong: list[str]) -> list[str]:
    """Return those of a Watch's names that are its first one, in whatever script: not an alias
    of which no word sounds like one of the name's.
    """
    words = [WORDS[raw] for raw in WORD.findall(strong[0])]
    return [text for text in strong if not words or _sounds_like(words[-1], text)]


def _sounds_like(word: Word, text: str) -> bool:
    """Whether one of the words of `text` is `word`, or cannot be compared with it."""
    others = [WORDS[raw] for raw in WORD.findall(text)]
    if scripts.SPACELESS.search(text) or any(one.script == word.script for one in others):
        return True
    return any(fit(word, one, frozenset(), arabic=True) is not None for one in others)


def _spelled(strong: list[str]) -> frozenset[str]:
    """Return the scripts in which a full name is given."""
    found = set()
    for text in strong:
        words = WORD.findall(text)
        if len(words) > 1 or (words and scripts.SPACELESS.search(text)):
            found.add(scripts.script_of(fold(words[-1])))
    return _one(tuple(sorted(found)))


@cache
def _one(found: tuple[str, ...]) -> frozenset[str]:
    """Return one and the same set for the same scripts, however many Watches have it."""
    return frozenset(found)


def _check(term: Term) -> None:
    text = term.text
    if len(text) > LONGEST_NAME or len(WORD.findall(text)) > MOST_WORDS:
        raise TermError(
            f"“{text[:40]}…” is longer than {MOST_WORDS} words or {LONGEST_NAME} letters; cut it."
        )
    shape = shape_of(term)
    if shape is None:
        raise TermError(f"“{text[:40]}” has no word that could be looked for; write a name.")
    if isinstance(shape, Phrase) and sum(len(word.fold) for word in shape.words) < 2:
        raise TermError(f"“{text[:40]}” is a single letter and would be everywhere; write a name.")


@lru_cache(maxsize=8_000)
def shape_of(term: Term) -> Shape | None:
    """Return a Term compiled; None when there is nothing in it to look for."""
    near = within(term.text)
    if near is not None:
        return near
    quoted = _QUOTED.match(term.text.strip())
    if quoted:
        return _phrase(quoted["text"], literal=bool(quoted["literal"]))
    docket = parse_docket(term.text)
    if docket is not None and docket.type:
        return docket
    if term.kind is WatchKind.PHRASE:
        return _phrase(term.text)
    run = run_of(term.text, person=term.kind is WatchKind.PERSON)
    if run is not None:
        return run
    if term.kind is WatchKind.CASE:
        return caption(term.text) or _words(term.text, "alias")
    if term.kind is WatchKind.PERSON:
        return _person(term)
    return _words(term.text, term.kind.value)


def _person(term: Term) -> Shape | None:
    first = WORD.search(term.text)
    opener = fold(first.group()) if first else ""
    if term.alias and (opener in anatomy.TITLES or opener in anatomy.ARTICLE or term.weak):
        return _words(term.text, "alias")
    person = names.understand(term.text, term.hints)
    if person is None:
        return _words(term.text, "alias")
    return replace(person, spelled=term.spelled, derived=term.derived)


def _words(text: str, kind: str) -> Phrase | None:
    return entities.phrase(text, kind)


def _phrase(text: str, *, literal: bool = False) -> Phrase | Run | None:
    run = None if literal else run_of(text)
    if run is not None:
        return run
    words = tuple(WORDS[m.group()] for m in word_pattern(text).finditer(text))
    if not words:
        return None
    return Phrase(text, words, variants=False, literal=literal)


def caption(text: str) -> Caption | None:
    """Return the caption that `text` is; None if it is none."""
    parties = split_caption(text)
    if parties is None:
        return None
    plaintiff = None if is_united_states(parties[0]) else entities.phrase(parties[0], "org")
    defendant = entities.phrase(parties[1], "org")
    return Caption(text, plaintiff, defendant, _family(parties[1])) if defendant else None


def _family(defendant: str) -> Phrase | None:
    """Return both surnames of a defendant who is named in full."""
    person = names.understand(defendant)
    if person is None or len(person.surnames) < 2 or not known.given(person.given[0].word):
        return None
    words = tuple(piece for part in person.surnames for piece in part.pieces)
    return Phrase(defendant, words, kind="alias")


def run_of(text: str, *, person: bool = False) -> Run | None:
    """Return the name in a script without spaces that `text` is; None for other scripts."""
    if scripts.SPACELESS.search(text) is None:
        return None
    folded = squeeze(fold(entities.without_legal(text)))
    return Run(text, folded, scripts.script_of(folded), person) if len(folded) > 1 else None


_SQUEEZED = re.compile(r"[\s\u30fb\u00b7\u2022\u2027\u2219\u22c5\uff1d\u30a0・=]+")


def squeeze(text: str) -> str:
    """Return `text` without spaces and middle dots."""
    return _SQUEEZED.sub("", text)


# --- what a Term is looked up by -----------------------------------------------------------------

VERSUS = "§v"
_VOWELS = "aeiou"
_UMLAUT = re.compile("([aou])e(?!$)")
_FLEETING = re.compile(r"(?<=[^aeiou])(?:[eo](?=[kcl]$)|(?<=^l)e(?=v$)|a(?=r$))|(?<=i)e(?=[kc]$)")
_IO = re.compile("io(?=va?$)|(?<=[lnrtdsvh])i?e(?=va?$)")
_IO_OF = {"io": "e", "e": "o", "ie": "o"}
"""Zhuravlyova is also written Zhuravleva."""
_FUSED_END = re.compile(
    r"(?<=.{3})(?:pour|pur|nejad|nezhad|zadeh|zade|far|fard|nia|manesh|khah|doust|doost|shahi|abadi|parast|bakhsh|vand|[au]llah|gul|nur|naz|han|[aeou](?:ld|dd|d)(?:in|een|ien)e?)$"
)
"""Second halves of Persian surnames and Turkish given names, which are also written apart."""
_OF_THE_FAITH = re.compile("(?<=..)[aeou]ld(?:in|een|ien)e?$")
_FUSED = re.compile(
    r"^(?:vanden|vander|van|von|della|delle|degli|dela|delos|del|dal|dos|das|des|den|der|de|di|da|du|do"
    r"|gian|pier|ali|amir|gholam|hamid|moham+[ae]d|le|la|lo|el|al|mac|mc|o|abdel|abdul|abdal|abd|abou|abu|ben|bin|bou(?=z|sa|ch|h|t)|san|saint)(?=.{4})"
    "|^(?:علي|محمد|امير|غلام|حميد)(?=.{3})"
)


_FRENCH = (("zh", "j"), ("sh", "ch"))
"""How France writes what English writes so: Zhigalov is Jigalov, al-Shishani al-Chichani."""
_INDRA = ("endra", "indra", "ender", "inder", "endar")
"""Rajendra is Rajender in Punjab."""
_SERVANT_OF_THE = re.compile(r"abd[aeou](?:l(?=[rsnzdt])|([rsnzdt])(?=\1))(?=.{4})")
"""The article in Abdelrahim, which is said, and often written, as Abderrahim."""
_SUN_ARTICLE = re.compile(r"[ae](?:([rsnzdt])(?=\1)|([cs]h)(?=\2)|(?=[cs]h))(?=.{5})")
"""The same in Essayegh, which is al-Sayegh."""
_SUN_LETTERS = tuple("rsnzdtc")


def key(sounded: str) -> str:
    """Return the key of a sounded word: without its last vowels, which cases change."""
    cut = sounded.rstrip(_VOWELS)
    return cut if len(cut) > 1 else sounded


_LAST_VOWELS = re.compile("(?<=[^\\n][^\\naeiou])[aeiou]+(?=\\n|$)")


def keys_of_lines(sounded: str) -> list[str]:
    """Return the `key` of each line."""
    return _LAST_VOWELS.sub("", sounded).split("\n")


def keys_of_bones(bones: list[str]) -> list[str]:
    """Return the keys of many skeletons."""
    return [key(sounded) for sounded in of_each(sound, bones)]


def initial_key(letter: str) -> str:
    """Return the key of an initial."""
    return "^" + letter


def slips(folded: str) -> tuple[str, ...]:
    """Return two keys of which a word with one slip keeps at least one: the first half and all but
    the first half, each with the length.
    """
    size = len(folded)
    half = size // 2
    return f"~{size}{folded[:half]}", f"~{size}{folded[0]}…{folded[half + 1 :]}"


def slips_near(folded: str) -> list[str]:
    """Return the `slips` of every name that `folded` may be with one slip."""
    found = []
    for size in range(max(SHORTEST_TYPO, len(folded) - 1), len(folded) + 2):
        half = size // 2
        found.append(f"~{size}{folded[:half]}")
        found.append(f"~{size}{folded[0]}…{folded[len(folded) - (size - half - 1) :]}")
    return found


PHRASE = "p:"
"""Before the keys of phrases: these are looked for in small letters too, names hardly."""


def anchors(shape: Shape) -> Iterator[tuple[str, ...]]:
    """Yield the keys, alone or in pairs, of which every mention of `shape` contains one."""
    if isinstance(shape, Person):
        yield from _person_anchors(shape)
    elif isinstance(shape, Phrase):
        for anchor in _phrase_anchors(shape):
            yield tuple(one if one[0] in "^§" else PHRASE + one for one in anchor)
    elif isinstance(shape, Within):
        longest = [max(part.words, key=lambda word: len(word.fold)) for part in shape.parts]
        yield PHRASE + word_key(longest[0]), PHRASE + word_key(longest[1])
    elif isinstance(shape, Caption):
        for phrase in (shape.defendant, shape.family):
            for one in _word_keys(phrase.words[0]) if phrase else ():
                yield VERSUS, PHRASE + one


def surname_anchors(person: Person) -> Iterator[tuple[str, ...]]:
    """Yield the keys of the first surname alone."""
    for one in part_keys(person.surnames[0]):
        yield (one,)


def _person_anchors(person: Person) -> Iterator[tuple[str, ...]]:
    # A mention has the first given name and a surname that counts with it, or two surnames.
    heads, given = _surname_keys(person), _given_keys(person)
    for family in dict.fromkeys(heads):
        for one in given:
            yield one, family
    if person.culture is anatomy.Culture.SLAVIC:
        yield from _anchors_abroad(person, given)
    for first, second in zip(person.surnames, person.surnames[1:], strict=False):
        for one in part_keys(first):
            for other in part_keys(second):
                yield one, other
    letters = {
        initial_key(letter)
        for part in person.given[:1]
        for piece in part.pieces
        for letter in (piece.fold[:1], piece.skeleton[:1])
    }
    for family in dict.fromkeys(heads):
        yield VERSUS, family
        for letter in letters:
            yield letter, family
    yield from _slip_anchors(person, dict.fromkeys(given), dict.fromkeys(heads))
    yield from _far_anchors(person)


def _surname_keys(person: Person) -> list[str]:
    """Return the keys of the surnames that count with a given name, and of the first."""
    found = [one for index in {*person.heads, 0} for one in part_keys(person.surnames[index])]
    return found + [one for i in person.heads for one in _custom_keys(person, person.surnames[i])]


def _given_keys(person: Person) -> list[str]:
    """Return the keys of the first given name, also as sister languages have it."""
    eastern = person.culture is anatomy.Culture.EASTERN
    found = part_keys(person.given[0], syllables=eastern)
    if person.culture is anatomy.Culture.SLAVIC:
        others = known.equivalents(person.given[0].word.fold)
        found += [one for other in others for one in _word_keys(WORDS[other])]
    return list(dict.fromkeys([*found, *_custom_keys(person, person.given[0])]))


def _custom_keys(person: Person, part: anatomy.Part) -> list[str]:
    """Return the keys of a part as its people spells it besides."""
    customs = customs_of(person.given[0].word, person.surnames[-1].word)
    words = dict.fromkeys((part.word, part.pieces[-1])) if customs else ()
    read = [scripts.latin(word.fold, word.script) for word in words]
    spelt = (one for latin in read for custom in customs for one in custom.variants(latin))
    return [key(sound_of(skeleton(one))) for one in spelt]


def _anchors_abroad(person: Person, given: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the pairs under which a Slavic name is found as other countries write it."""
    names = abroad.spellings(person.given[0].word)
    families = abroad.spellings(person.surnames[person.heads[0]].word)
    for tongue in dict.fromkeys((*names, *families)):
        if tongue:
            firsts = dict.fromkeys((*given, *(_spelt_key(one) for one in names.get(tongue, ()))))
        else:
            firsts = dict.fromkeys(map(_spelt_key, names[""]))
        for one in firsts:
            for other in dict.fromkeys(map(_spelt_key, families.get(tongue, families[""]))):
                yield one, other


def _spelt_key(folded: str) -> str:
    return key(sound_of(skeleton(folded)))


def _far_anchors(person: Person) -> Iterator[tuple[str, ...]]:
    """Yield the pairs under which the name is found in another alphabet or romanisation."""
    given = person.given[0].word
    family = person.surnames[person.heads[0]]
    surname = family.core or family.word
    if given.script != surname.script:
        return
    arabic = person.culture is anatomy.Culture.ARABIC
    givens, surnames = _far_words(person, arabic=arabic)
    vowelless = arabic or not _VOWELLESS.isdisjoint(known.given(given))
    for sort, least, read in far_readings(given.script, arabic=arabic):
        least -= sort == "*" and vowelless
        for one in dict.fromkeys(key for word in givens for key in read(word)):
            for other in dict.fromkeys(key for word in surnames for key in read(word)):
                if one and other and len(one) + len(other) >= least:
                    yield sort + one, sort + other
    if person.culture is anatomy.Culture.EASTERN and eastern.is_korean(person):
        head = eastern.syllables(person.given[0], frozenset({"ko"}))[0]
        several = (given.fold, head, given.fold.replace("eo", "u"))
        for one in dict.fromkeys(map(sounds.korean, several)):
            yield "k:" + one, "k:" + sounds.korean(surname.fold)


def _far_words(person: Person, *, arabic: bool) -> tuple[list[Word], list[Word]]:
    """Return the words by which a given name and a surname may be found in another alphabet: whole
    and what is left where a half of them is written apart.
    """
    part, family = person.given[0], person.surnames[person.heads[0]]
    given, surname = part.word, family.core or family.word
    givens = [given, *(WORDS[half] for half in halves(given.fold)), *part.pieces[:1]]
    surnames = [surname]
    if arabic and len(person.given) > 1:
        givens += filter(None, [names.mohammads(given, person.given[1].word)])
    if arabic and (faith := _OF_THE_FAITH.search(given.fold)):
        givens.append(WORDS[given.fold[: faith.start()] + "eddin"])
    if arabic:
        surnames += [WORDS[half] for half in halves(surname.fold)]
    if not anatomy.ARTICLES_AR.isdisjoint(family.particles):
        surnames.append(WORDS["al" + surname.fold])
    if len(family.pieces) > 1:
        surnames += [piece for piece in family.pieces if len(piece.fold) > LONGEST_PARTICLE]
    fused = anatomy.SON_OF if not arabic else anatomy.SON_OF | anatomy.ARTICLES_AR
    if not fused.isdisjoint(family.particles) or (arabic and family.core is not None):
        surnames.append(family.word)
    return givens, surnames


LONGEST_PARTICLE = 3
_VOWELLESS = frozenset({"ar", "fa", "he", "hi"})
"""Languages of which the names are short where their vowels are not written."""
Reader = Callable[[Word], tuple[str, ...]]


def far_readings(script: str, *, arabic: bool = True) -> list[tuple[str, int, Reader]]:
    """Return the sorts of keys that meet those of other alphabets, each with how many consonants
    a name must have to be looked for by consonants alone, and how to get the keys.
    """
    if script == scripts.LATIN:
        sorts: list[tuple[str, int, Reader]] = [("*", 4, _rough), ("ja:", 5, _rough_kana)]
        return [*sorts, ("+", 4, _rough)] if arabic else sorts
    if script == scripts.KANA:
        return [("ja:", 5, lambda word: (letters.rough_of_kana(word.fold),))]
    return [("+", 4, lambda word: letters.rough_of(word.fold, word.script))]


NO_CLASS = ("0",)
"""The key of a word without a consonant that would tell it: Yahya."""


def _rough(word: Word) -> tuple[str, ...]:
    # As Germans say it, w is v and ch a throat after a, o and u; Persians write gh for q.
    german = _ACH.sub("h", word.fold).replace("w", "f")
    throat = word.fold.replace("gh", "q") if "gh" in word.fold else word.fold.replace("q", "g")
    several = dict.fromkeys((word.fold, german, throat))
    return tuple(dict.fromkeys(key for one in several for key in letters.rough(one))) or NO_CLASS


_ACH = re.compile("(?<=[aou])ch")


def _rough_kana(word: Word) -> tuple[str, ...]:
    return letters.rough_kana(word.fold)


def _slip_anchors(
    person: Person, given: dict[str, None], families: dict[str, None]
) -> Iterator[tuple[str, ...]]:
    """Yield pairs of an exact part with what a slip leaves of the other."""
    for index in {*person.heads, 0}:
        for slip in _slips_of(person.surnames[index]):
            yield from ((one, slip) for one in given)
    for slip in slips_of_long(person.given[0].word):
        yield from ((family, slip) for family in families)
    for part in person.surnames[1:]:
        for slip in _slips_of(part):
            yield from ((family, slip) for family in part_keys(person.surnames[0]))


def _slips_of(part: anatomy.Part) -> tuple[str, ...]:
    return slips_of_long(part.core or part.word)


def slips_of_long(word: Word) -> tuple[str, ...]:
    """Return the `slips` of a word that is long enough for one."""
    return slips(word.fold) if len(word.fold) >= SHORTEST_TYPO else ()


def part_keys(part: anatomy.Part, *, syllables: bool = False) -> list[str]:
    """Return the keys under which a text may show a part: whole, bare, its first or last word."""
    found = [*_word_keys(part.word)]
    if len(part.pieces) > 1:
        found += _word_keys(part.pieces[-1])
    if part.core is not None and part.core is not part.pieces[-1]:
        found += _word_keys(part.core)
    if len(part.pieces[-1].tail) > 1:
        found += _word_keys(WORDS[part.pieces[-1].tail])
    if part.core is not None and not anatomy.ARTICLES_AR.isdisjoint(part.particles):
        found += [k for one in with_article(part.core.fold) for k in _word_keys(WORDS[one])]
    if syllables:
        pieces = [p.fold for p in part.pieces] if len(part.pieces) > 1 else ()
        split = pieces or eastern.syllables(part, frozenset({"zh", "ko"}))
        found += [k for piece in list(split)[:1] for k in _word_keys(WORDS[piece])]
    else:
        found += [k for rest in halves(part.word.fold) for k in _word_keys(WORDS[rest])]
    return list(dict.fromkeys(found))


def with_article(folded: str) -> list[str]:
    """Return a word in one with the Arabic article before it (Elfahim, Alsayegh, Assayegh)."""
    sun = ("", "l") if folded.startswith(_SUN_LETTERS) else ("l",)
    return [vowel + heard + folded for vowel in "ae" for heard in sun]


def halves(folded: str) -> list[str]:
    """Return what is left of a part written as one word when its other half is written apart."""
    if folded.startswith("عبد") and len(folded) > 5:
        return [folded[3:]]
    if end := _FUSED_END.search(folded):
        return [folded[: end.start()]]
    if fused := (
        _SERVANT_OF_THE.match(folded) or _FUSED.match(folded) or _SUN_ARTICLE.match(folded)
    ):
        return [folded[fused.end() :]]
    return []


def _word_keys(word: Word) -> list[str]:
    found = [word_key(word)]
    if word.script in {scripts.CYRILLIC, scripts.GREEK}:
        found += [key(heard) for heard in sorted(sounds.sounds(word))]
    elif "ch" in word.fold and len(word.fold) > 6:
        found.append(key(sound_of(skeleton(word.fold.replace("ch", "h")))))
    elif _UMLAUT.search(word.fold):
        found.append(key(sound_of(skeleton(_UMLAUT.sub(r"\1ie", word.fold)))))
    if _IO.search(word.skeleton):
        found.append(key(sound_of(_IO.sub(lambda met: _IO_OF[met.group()], word.skeleton))))
    elif (short := sounds.short_vowels(word.fold)) != word.fold:
        found.append(key(sound_of(skeleton(short))))
    if word.skeleton.isascii() and _FLEETING.search(word.skeleton):
        found.append(key(sound_of(_FLEETING.sub("", word.skeleton))))
    if word.fold.endswith(_INDRA):
        found += [
            key(sound_of(skeleton(sounds.of_indra(word.fold)[:-1] + end))) for end in ("er", "ra")
        ]
    if word.script == scripts.LATIN and len(word.fold) > 5:
        found += [
            key(sound_of(skeleton(word.fold.replace(heard, french))))
            for heard, french in _FRENCH
            if heard in word.fold
        ]
    if servant := _SERVANT_OF_THE.match(word.fold):
        rest = word.fold[servant.end() :]
        found += [
            key(sound_of(skeleton(f"abd{vowel}{of}{rest}"))) for vowel in "aeu" for of in ("l", "")
        ]
    return found


def word_key(word: Word) -> str:
    """Return the key of a word as it stands."""
    if word.script == scripts.ARABIC:
        return word.fold.removeprefix("ال") if len(word.fold) > 4 else word.fold
    return key(word.sound)


def sound_of(bones: str) -> str:
    """Return the sound key of a skeleton."""
    return sound(bones)


def _phrase_anchors(phrase: Phrase) -> Iterator[tuple[str, ...]]:
    if phrase.kind == "org":
        for anchor in _phrase_anchors(Phrase(phrase.text, phrase.words, kind="alias")):
            yield anchor
            if word_key(phrase.words[0]) in anchor:
                glued = word_key(WORDS["ex" + phrase.words[0].fold])
                yield tuple(glued if one == word_key(phrase.words[0]) else one for one in anchor)
        return
    words = [word for word in phrase.words if word.fold not in _WEAK_WORDS] or list(phrase.words)
    joined = "".join(word.fold for word in phrase.words)
    if len(words) == 1 and len(phrase.words) == 1:
        yield (word_key(words[0]),)
        if is_acronym(phrase):
            yield "^." + words[0].fold[0], "^." + words[0].fold[1]
        return
    yield (word_key(WORDS[joined]),)
    long = sorted((w for w in words if len(w.fold) > 2), key=lambda w: -len(w.fold))
    if len(long) > 1:
        yield word_key(long[0]), word_key(long[1])
        yield from _fused_neighbours(phrase)
        return
    head = long[0] if long else words[0]
    for other in _dresses(phrase, head):
        yield word_key(head), other
    if len(words) == 1:
        yield (word_key(head),)


def _fused_neighbours(phrase: Phrase) -> Iterator[tuple[str, ...]]:
    """Yield keys for two neighbours written as one word, beside a third."""
    words = phrase.words
    if len(words) < 3:
        return
    for place in range(len(words) - 1):
        one = word_key(WORDS[words[place].fold + words[place + 1].fold])
        other = words[place + 2] if place + 2 < len(words) else words[place - 1]
        yield one, word_key(other)


def _dresses(phrase: Phrase, head: Word) -> list[str]:
    """Return the keys of the short words around the one long word: each, and neighbours fused."""
    short = [word for word in phrase.words if word is not head]
    found = [_short_key(word) for word in short]
    for first, second in zip(phrase.words, phrase.words[1:], strict=False):
        found.append(word_key(WORDS[first.fold + second.fold]))
    return list(dict.fromkeys(found))


def _short_key(word: Word) -> str:
    return "^." + word.fold if len(word.fold) == 1 else word_key(word)


_WEAK_WORDS = known.listed("weak_words")
