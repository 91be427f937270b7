"""The grammar of a typed wish: how its tokens become a draft of a Watch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from matching import complaints, languages
from matching.guess import KIND_WORDS
from matching.notation import joined, phrase, unquoted
from matching.query import KEYS, Sort, Token
from model import Priority, TermError, WatchKind

FARTHEST = 100
"""Words between the parts of `a w/10 b`."""

_WHERE = {"lead": True, "inicio": True, "all": False, "todo": False}
_BARE = {Sort.WORD, Sort.QUOTE, Sort.LITERAL, Sort.OPEN}
_QUOTES = {Sort.QUOTE, Sort.LITERAL}
_BETWEEN = {Sort.COMMA, Sort.PIPE, Sort.OR}


@dataclass(slots=True)
class Draft:
    """What has been understood so far."""

    kind: WatchKind | None = None
    names: list[str] = field(default_factory=list)
    nicknames: list[str] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    groups: list[tuple[str, ...]] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    lang: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    dockets: list[str] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    priority: Priority = Priority.NORMAL
    threshold: int | None = None
    leading: bool = False


class Reader:
    """One reading of one text."""

    def __init__(self, text: str, found: list[Token], small_words: bool | None) -> None:
        """Read `found`, the tokens of `text`. `small_words`: whether "with", "not", "con", "sin"
        are signs (True), belong to names (False), or whichever is likelier (None).
        """
        self.text = text
        self.tokens = found
        self.small_words = small_words
        self.at = 0
        self.draft = Draft()
        self.open = True
        """Whether a name may come now: at the start and after |."""
        self.words = 0
        """How many bare words the name has that is being read."""
        self.ored = False
        """Whether OR stood between names, outside brackets."""

    def read(self) -> Draft:
        """Return the draft; TermError when the text can't be understood."""
        self._kind()
        while self.at < len(self.tokens):
            self._part()
        return self.draft

    # What stands here

    def _sort(self, ahead: int = 0) -> Sort | None:
        place = self.at + ahead
        return self.tokens[place].sort if place < len(self.tokens) else None

    def _take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _kind(self) -> None:
        if self._sort() is Sort.WORD and self._sort(1) in {*_BARE, Sort.FIELD, Sort.TILDE}:
            token = self.tokens[0]
            kind = None if token.escaped else KIND_WORDS.get(token.text)
            if kind:
                self.draft.kind = kind
                self.at = 1

    def _key(self, at: int) -> str:
        """Return which small word stands at `at`, or nothing when it is a word like any other."""
        token = self.tokens[at] if at < len(self.tokens) else None
        if token is None or token.sort is Sort.KEY:
            return token.text if token else ""
        if token.sort is not Sort.WORD or token.escaped or at + 1 >= len(self.tokens):
            return ""
        if not (self.draft.names or self.draft.nicknames or self.words):
            return ""
        key = KEYS.get(token.text.casefold(), "")
        return key if key and self._means(key, at) else ""

    def _means(self, key: str, at: int) -> bool:
        follows = self.tokens[at + 1]
        if key == "to":
            number = self.tokens[at + 2].text if at + 2 < len(self.tokens) else ""
            minus = follows.sort is Sort.MINUS and number.isdigit()
            return minus or follows.text.startswith("@") or follows.text.isdigit()
        if key == "in":
            return self._languages_follow(at + 1)
        if key == "aka":
            return follows.sort in {*_BARE, Sort.TILDE}
        return follows.sort in _BARE and self._splits(at)

    def _languages_follow(self, at: int) -> bool:
        """Whether nothing but languages comes from `at` on, up to the next sign."""
        while at < len(self.tokens) and languages.code(self.tokens[at].text):
            at += 1
            if at >= len(self.tokens) or self.tokens[at].sort not in _BETWEEN:
                break
            at += 1
        else:
            return False
        return at >= len(self.tokens) or self.tokens[at].sort not in _BARE or bool(self._key(at))

    def _splits(self, at: int) -> bool:
        """Whether "with" or "not" here is a sign: it is after a name of several words, or before a
        list; after one word, or in the name of an organisation, it may well be part of the name.
        """
        if self.small_words is not None:
            return self.small_words
        if not self.open:
            return True
        after = at + 1
        while after < len(self.tokens) and self.tokens[after].sort is Sort.WORD:
            after += 1
        listed = after < len(self.tokens) and self.tokens[after].sort in _BETWEEN
        if listed or after == at + 1:
            return True
        return self.draft.kind in {None, WatchKind.PERSON} and self.words >= 2

    # The parts of a wish

    def _part(self) -> None:
        key = self._key(self.at)
        if key:
            self.at += 1
            self._keyed(key)
            return
        acts: dict[Sort, Callable[[], None]] = {
            Sort.PIPE: self._other_name,
            Sort.OR: self._other_name,
            Sort.FIELD: self._field,
            Sort.MINUS: self._never,
            Sort.NOT: self._never,
            Sort.AND: self._and,
            Sort.TILDE: self._names,
            Sort.CLOSE: self._stray,
            Sort.WITHIN: self._stray,
            Sort.COMMA: self._stray,
        }
        acts.get(self.tokens[self.at].sort, self._bare)()

    def _stray(self) -> None:
        raise complaints.stray(self.text, self.tokens[self.at])

    def _apart(self) -> None:
        first = self.at
        self._run()
        raise complaints.apart(self.text, self.tokens, first, self.at)

    def _bare(self) -> None:
        if self.open:
            self._names()
        elif self._sort() is Sort.WORD:
            self._apart()
        else:
            self._require()

    def _names(self) -> None:
        self.draft.names.extend(self._alternative())
        self.open = False

    def _other_name(self) -> None:
        sign = self._take()
        empty = not self.draft.names and not self.draft.nicknames
        if empty or self._sort() not in {*_BARE, Sort.TILDE}:
            raise complaints.no_other_name(self.text, sign, before=empty)
        self.ored = self.ored or sign.sort is Sort.OR
        self.open = True
        self._names()

    def _alternative(self, *, comma: bool = True) -> list[str]:
        """Read one name, in its notation; nicknames go to the draft at once. `comma`: one may stand
        inside the name, as in "Dunmore, Walter".
        """
        if self._sort() is Sort.OPEN:
            return self._group(self._alternative)
        if self._sort() is Sort.TILDE:
            self._take()
            self.draft.nicknames.append(unquoted(self._operand(comma=comma).removeprefix('="')))
            return []
        left = self._operand(comma=comma)
        if self._sort() is not Sort.WITHIN:
            return [left]
        sign = self._take()
        if not 1 <= sign.number <= FARTHEST:
            raise complaints.too_far(self.text, sign, f"w/{FARTHEST}")
        if self._sort() not in _BARE:
            raise complaints.stray(self.text, sign)
        group = self._sort() is Sort.OPEN
        right = self._group(lambda: [self._operand()]) if group else [self._operand()]
        return [joined(left, sign.number, one) for one in right]

    def _operand(self, *, comma: bool = False) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token and token.sort in _QUOTES:
            self.at += 1
            if token.number > FARTHEST:
                raise complaints.too_far(self.text, token, f'"{token.text}"~{FARTHEST}')
            return phrase(token.text, token.number, literal=token.sort is Sort.LITERAL)
        if token and token.sort is Sort.WORD:
            return self._run(name=True, comma=comma)
        raise complaints.missing(self.text, self.tokens, self.at)

    def _run(self, *, name: bool = False, comma: bool = False, most: int = 0) -> str:
        """Read words that stand together. In a name a quotation between them is a nickname."""
        pieces = ""
        self.words = 0
        while self._sort() is not None:
            if self.words and self._key(self.at):
                break
            if not self._continues(infix=name, comma=comma, most=most):
                break
            token = self._take()
            if token.sort is Sort.QUOTE:
                self.draft.nicknames.append(token.text)
                continue
            glued = token.start and not self.text[token.start - 1].isspace() and pieces
            pieces += token.text if glued else f" {token.text}"
            self.words += token.sort is Sort.WORD
        self.words = 0
        return pieces.strip()

    def _continues(self, *, infix: bool, comma: bool, most: int) -> bool:
        sort, follows = self._sort(), self._sort(1)
        if sort is Sort.WORD:
            return not most or self.words < most
        word_after = follows is Sort.WORD and not self._key(self.at + 1)
        if sort is Sort.COMMA:
            return comma and bool(self.words) and word_after
        return sort is Sort.QUOTE and infix and bool(self.words) and word_after

    # Lists

    def _group(self, item: Callable[[], list[str]]) -> list[str]:
        """Read ( … OR … ); brackets inside brackets say nothing."""
        start, depth = self.at, 1
        self.at += 1
        found: list[str] = []
        while depth:
            sort = self._sort()
            if sort is Sort.AND:
                raise complaints.and_in_group(self.text, self.tokens[self.at])
            if sort is None:
                raise complaints.open_bracket(self.text)
            if sort in {*_BETWEEN, Sort.OPEN, Sort.CLOSE}:
                self.at += 1
                depth += (sort is Sort.OPEN) - (sort is Sort.CLOSE)
            else:
                found.extend(item())
        if not found and not self.draft.nicknames:
            raise complaints.empty_group(self.text, self.tokens, start, self.at - 1)
        return found

    def _value(self, most: int = 0) -> list[str]:
        sort = self._sort()
        if sort is Sort.OPEN:
            return self._group(self._value)
        if sort in _QUOTES:
            return [self._take().text]
        if sort is Sort.WORD:
            return [self._run(most=most)]
        raise complaints.missing(self.text, self.tokens, self.at)

    def _values(self, between: set[Sort], most: int = 0) -> list[str]:
        found = self._value(most)
        while self._sort() in between:
            self._take()
            found.extend(self._value(most))
        return found

    # Signs, small words, fields

    def _never(self) -> None:
        sign = self._take()
        if sign.sort is Sort.NOT:
            self.draft.never.extend(self._value())
            return
        if self._sort() is Sort.FIELD:
            raise complaints.minus_field(self.text, sign)
        self.draft.never.extend(self._value(most=1))

    def _and(self) -> None:
        sign = self._take()
        if self.ored:
            raise complaints.two_ways(self.text, "AND after OR", 0, sign.start)
        if self._sort() in {Sort.NOT, Sort.MINUS, Sort.FIELD, Sort.TILDE}:
            return
        self._require()

    def _require(self) -> None:
        start = self.tokens[min(self.at, len(self.tokens) - 1)].start
        self.draft.groups.append(tuple(dict.fromkeys(self._value())))
        if self._sort() is Sort.OR:
            self._take()
            self._values({Sort.OR})
            end = self.tokens[self.at - 1].end
            raise complaints.two_ways(self.text, "OR after AND", start, end)

    def _keyed(self, key: str) -> None:
        self.open = False
        if key == "aka":
            self._also_known()
        elif key == "with":
            self.draft.context.extend(self._values(_BETWEEN))
        elif key == "not":
            self.draft.never.extend(self._values(_BETWEEN))
        elif key == "in":
            self._languages(self._values(_BETWEEN, most=1))
        else:
            self._to()

    def _also_known(self) -> None:
        self.draft.names.extend(self._alternative(comma=False))
        while self._sort() in _BETWEEN and self._sort(1) in {*_BARE, Sort.TILDE}:
            self._take()
            self.draft.names.extend(self._alternative(comma=False))

    def _to(self) -> None:
        while True:
            minus = self._take().text if self._sort() is Sort.MINUS else ""
            self.draft.to.extend(f"{'-' if minus else ''}{one}" for one in self._value(most=1))
            if self._sort() not in _BETWEEN:
                return
            self._take()

    def _field(self) -> None:
        token = self._take()
        if self._sort() not in _BARE:
            raise complaints.empty_field(self.text, token)
        self.open = self.open and not (self.draft.names or self.draft.nicknames)
        values = self._values({Sort.COMMA}, most=1)
        lists = {
            "near": self.draft.context,
            "source": self.draft.sources,
            "court": self.draft.sources,
            "docket": self.draft.dockets,
        }
        if token.text in lists:
            lists[token.text].extend(values)
        elif token.text == "lang":
            self._languages(values)
        elif token.text == "type":
            self.draft.groups.append(tuple(dict.fromkeys(values)))
        else:
            self._setting(token.text, values[0])

    def _setting(self, name: str, value: str) -> None:
        if name == "threshold":
            if not (value.isdecimal() and int(value) <= 100):
                raise self._unknown(value, "a threshold is a number from 0 to 100", "70")
            self.draft.threshold = int(value)
            return
        if name == "where":
            if value.casefold() not in _WHERE:
                raise self._unknown(value, "where: is lead (its beginning) or all", "lead")
            self.draft.leading = _WHERE[value.casefold()]
            return
        if value.casefold() not in list(Priority):
            raise self._unknown(value, "a priority is high, normal or digest", "high")
        self.draft.priority = Priority(value.casefold())

    def _languages(self, values: list[str]) -> None:
        for value in values:
            code = languages.code(value)
            if not code:
                near = languages.nearest(value)
                raise self._unknown(value, "a language is two letters, as in lang:es", near)
            self.draft.lang.append(code)

    def _unknown(self, value: str, rule: str, instead: str) -> TermError:
        return complaints.unknown_value(self.text, self.tokens[self.at - 1], value, rule, instead)
