"""Figures that tell stories apart: sums of money, people dead or hurt, years of prison (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NUMBER = re.compile(
    r"(?<![A-Za-z\d.:-])(\d{1,3}(?:[.,\s\u00a0]\d{3})+|\d+)(?:[.,](\d{1,2}))?(?!\d|:\d|-\w)"
)
_SCALES = (
    (1e12, r"trillions?|billones"),
    (
        1e9,
        r"billions?|bn|mil millones|bilh\S+|milliard\w*|mrd|miliard\S+|млрд|миллиард\S*|مليار",
    ),
    (1e9, r"milyar|miljard|мільярд\S*"),
    (1e8, r"亿|億"),
    (
        1e6,
        r"millions?|millon(?:es)?|mdp|mdd|milh\S+|mln|mio|millionen|milion\S+|млн|миллион\S*|مليون|ملايين|m\b",
    ),
    (1e6, r"milyon|miljoen|мільион\S*"),
    (1e4, r"万"),
    (1e3, r"thousand|mil|mila|tausend|duizend|тыс\S*|тис\S*|الف"),
)
_SCALE = tuple((value, re.compile(rf"\s*(?:{words})")) for value, words in _SCALES)
_MONEY = re.compile(
    r"[$€£¥₽]|\b(?:dollars?|dolares|pesos?|euros?|rublos|рубл\S*|reais|usd|eur|pounds|yuan|lire|"
    r"franken|долл?ар\w*|євро|евро|гривн\w*|lira\w*|tl|hryvnias?|грн|гривен\w*|zlot\w+|zl|rupees?|naira|rand|kron[aeo]r?|kronen|"
    r"shillings?|yen|dirhams?|riyals?|dinars?|руб)\b|元|円|دولار|bribe|soborno|propina|fine|multa|amende|beni"
)
_TOLL = re.compile(
    r"dead|death|\btoll\b|drown|perish|fatalit|lives|bodies|kill|died|dies|muert|fallecid|victim|mort|obitos|tote|toten|tot\b|tues|deces|"
    r"погиб|жертв|قتل|قتيل|مقتل|ضحايا|死|犠牲|morti|vittime|injur|herid|ferid|bless|verletz|ranen|"
    r"doden|gedood|omgekomen|gewonden|slachtoffers|загин|поранен|\bolu\b|hayatini|oldurul|yarali|"
    r"zabit|ofiar|rann"
)
_YEARS = re.compile(
    r"\s*(?:-|\s)?(?:years?|anos?|ans|jahre?n?|anni|лет|года?|годам|سنة|سنوات|عاما|年|lat[a]?\b|"
    r"jaar|рок\w*|yil)"
)
_RISES = re.compile(
    r"\bris(?:es|ing|en)\b|\brose to\b|\bclimb|\bnow at\b|\braised to\b|"
    r"\btoll (?:hits|reaches|tops|passes|now|jumps|grows)|"
    r"asciende|aument|sube|ascend|llega a|alcanza|\bsobe\b|subiu|chega a|chegam a|"
    r"\bpasse a\b|\bporte a\b|atteint|s'alourdit|grimpe|steigt|gestiegen|erhoht|klettert|"
    r"\bsale a\b|\bsale\b|salit|arriva a|wzros|rosn|"
    r"вырос|возрос|достиг|увелич|ارتفاع|ارتفع|升至|上升|增至|増|上る|達|达"
)
_WORDS = {
    word: value
    for value, words in (
        (2, "two dos dois duas deux zwei due два две двух двум dwa dwie dwoch dwoje"),
        (3, "three tres trois drei tre три трех трем trzy trzech troje ثلاث ثلاثة"),
        (4, "four cuatro quatro quatre vier quattro четыре четырех cztery czterech اربع اربعة"),
        (5, "five cinco cinq funf cinque пять пяти piec pieciu خمس خمسة"),
        (6, "six seis sechs sei шесть шести szesc szesciu ست ستة"),
        (7, "seven siete sete sept sieben sette семь семи siedem siedmiu سبع سبعة"),
        (8, "eight ocho oito huit acht otto восемь восьми osiem osmiu ثماني ثمان ثمانية"),
        (9, "nine nueve nove neuf neun девять девяти dziewiec dziewieciu تسع تسعة"),
        (10, "ten diez dez dix zehn dieci десять десяти dziesiec dziesieciu عشر عشرة"),
        (11, "eleven once onze elf undici одиннадцать одиннадцати jedenascie jedenastu"),
        (12, "twelve doce doze douze zwolf dodici двенадцать двенадцати dwanascie dwunastu"),
        (13, "thirteen trece treze treize dreizehn tredici тринадцать trzynascie"),
        (14, "fourteen catorce catorze quatorze vierzehn quattordici четырнадцать czternascie"),
        (15, "fifteen quince quinze funfzehn quindici пятнадцать пятнадцати pietnascie pietnastu"),
        (16, "sixteen dieciseis dezesseis seize sechzehn sedici шестнадцать szesnascie"),
        (18, "eighteen dieciocho dezoito achtzehn diciotto восемнадцать osiemnascie"),
        (20, "twenty veinte vinte vingt zwanzig venti двадцать двадцати dwadziescia عشرون عشرين"),
        (2, "двое двоих двоє двоих dwoje dwojga"),
        (3, "трое троих троє trojga"),
        (4, "четверо четверых czworo czworga"),
        (5, "пятеро пятерых п'ятеро piecioro pieciorga"),
        (6, "шестеро шестерых szescioro szesciorga"),
        (7, "семеро семерых siedmioro"),
        (8, "восьмеро osmioro"),
        (2, "twee iki два дві двох"),
        (3, "drie uc три трьох"),
        (4, "vier dort чотири чотирьох"),
        (5, "vijf bes п'ять п'яти"),
        (6, "zes alti шість шести"),
        (7, "zeven yedi сім семи"),
        (8, "acht sekiz вісім восьми"),
        (9, "negen dokuz дев'ять дев'яти"),
        (10, "tien десять десяти"),
        (12, "twaalf дванадцять дванадцяти"),
        (13, "dertien"),
        (14, "veertien"),
        (15, "vijftien п'ятнадцять"),
        (16, "zestien"),
        (18, "achttien"),
        (20, "twintig yirmi двадцять двадцяти"),
        (30, "dertig otuz тридцять тридцяти"),
        (30, "thirty treinta trinta trente dreissig trenta тридцать тридцати trzydziesci ثلاثين"),
    )
    for word in words.split()
}
_ONES = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"两": 2, "兩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SIGNS = re.compile(r"[一二两兩三四五六七八九十百千]+(?=[年月人名死亿億万萬])")
"""Numbers written in Chinese before what they count."""
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_REACH = 28
"""Characters around a number in which its unit stands."""
_ROUNDED = 0.03
"""Sums that differ by less are one sum, rounded."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a text, by what they count."""

    money: frozenset[float] = frozenset()
    toll: frozenset[float] = frozenset()
    years: frozenset[float] = frozenset()
    other: frozenset[float] = frozenset()
    rises: bool = False
    """A toll is said to have risen."""

    def conflicts(self, other: Figures) -> bool:
        """Return whether two texts give different figures for the same thing."""
        rises = self.rises or other.rises
        return (
            _apart(self.money, other.money, _ROUNDED)
            or (not rises and _apart(self.toll, other.toll, 0.0))
            or _apart(self.years, other.years, 0.0)
        )

    def agree(self, other: Figures) -> bool:
        """Return whether a figure stands in both."""
        mine = self.money | self.toll | self.years | self.other
        theirs = other.money | other.toll | other.years | other.other
        return any(_close(one, two, _ROUNDED) for one in mine for two in theirs)

    def count_alike(self, other: Figures) -> bool:
        """Return whether the same sum or the same toll stands in both, which says more of an event
        than years of prison do: those are asked for before they are given.
        """
        if not self.toll.isdisjoint(other.toll):
            return True
        return any(_close(one, two, _ROUNDED) for one in self.money for two in other.money)


NO_FIGURES = Figures()


def _apart(mine: frozenset[float], theirs: frozenset[float], slack: float) -> bool:
    if not mine or not theirs:
        return False
    return not any(_close(one, two, slack) for one in mine for two in theirs)


def _close(one: float, two: float, slack: float) -> bool:
    return abs(one - two) <= slack * max(one, two)


def figures_in(
    headline: str, body: str, head_words: Iterable[str], body_words: Iterable[str]
) -> Figures:
    """Return the figures of two folded texts, given with their words; what the headline counts
    comes first.
    """
    first, rest = _found(headline, head_words), _found(body, body_words)
    if not first and not rest:
        return NO_FIGURES
    money, toll, years, other = (
        first.get(unit) or rest.get(unit) or frozenset()
        for unit in ("money", "toll", "years", "other")
    )
    counted = first.get("other") if not toll and _TOLL.search(headline) else None
    rises = bool(toll or counted) and _rises(headline, body)
    return Figures(money, (rises and counted) or toll, years, other, rises)


def _rises(headline: str, body: str) -> bool:
    return bool(_RISES.search(headline) or _RISES.search(body[:300]))


def _found(text: str, words: Iterable[str]) -> dict[str, frozenset[float]]:
    found: dict[str, set[float]] = {}
    if _DIGIT.search(text):
        for hit in _NUMBER.finditer(text):
            _add(found, text, hit.start(), *_scaled(text, hit))
    for hit in _SIGNS.finditer(text) if not text.isascii() else ():
        _add(found, text, hit.start(), *_sized(text, _read_signs(hit[0]), hit.end()))
    for hit in _WORD.finditer(text) if not _WORDS.keys().isdisjoint(words) else ():
        value = _WORDS.get(hit[0])
        if value is not None:
            _add(found, text, hit.start(), *_sized(text, float(value), hit.end()))
    return {unit: frozenset(values) for unit, values in found.items()}


def _read_signs(signs: str) -> float:
    """Read a number in Chinese: 十二 is 12, 三十 is 30, 百 is 100."""
    total = last = 0
    for sign in signs:
        if sign in _TENS:
            total += (last or 1) * _TENS[sign]
            last = 0
        else:
            last = _ONES[sign]
    return float(total + last)


def _scaled(text: str, hit: re.Match[str]) -> tuple[float, int]:
    """Return the value of a number with the word for its size, and where both end."""
    whole = re.sub(r"\D", "", hit[1])
    return _sized(text, float(f"{whole}.{hit[2] or 0}"), hit.end())


def _sized(text: str, value: float, end: int) -> tuple[float, int]:
    for factor, pattern in _SCALE:
        size = pattern.match(text, end)
        if size is not None:
            return value * factor, size.end()
    return value, end


def _add(found: dict[str, set[float]], text: str, start: int, value: float, end: int) -> None:
    """Put a number where it belongs. A year of the calendar counts nothing."""
    around = text[max(0, start - _REACH) : end + _REACH]
    if _YEARS.match(text, end) and value < 1000:
        unit = "years"
    elif _MONEY.search(text[max(0, start - 4) : end + _REACH]) or value >= 1e6:
        unit = "money"
    elif 1900 <= value <= 2100:
        return
    else:
        unit = "toll" if _TOLL.search(around) else "other"
    found.setdefault(unit, set()).add(value)
