"""Every reason a Mention or a refusal can have, in one place.

The catalogue `reasons.po` has one sentence for each: `{0}` is what stands in the text, `{1}` the
Term as its owner wrote it.
"""

from __future__ import annotations

from typing import Final

MENTIONED: Final = {
    "exact": "as the Watch spells it, case, accents and hyphens aside",
    "variant": "another orthography of the same name: Schoenfeldt, Sergej, Tarek",
    "script": "another alphabet",
    "inflected": "another grammatical case, or a suffix",
    "typo": "one slip of the pen in one part",
    "order": "surname first",
    "surname_dropped": "the second surname, or the first of a Portuguese name, left out",
    "middle_dropped": "a middle name left out",
    "middle_only": "the first given name left out",
    "extra_given": "a given name or initial that the Watch does not list",
    "particle": "von, de la or the like left out or put in",
    "pair": "both surnames without a given name",
    "initials": "initials for the given names",
    "docket": "the docket number",
    "within": "words near each other",
    "nickname": "a nickname near another part of the name or a context word",
    "surname_context": "a surname near a context word or a rank",
}
"""What reaches the threshold by itself."""

POSSIBLE: Final = {
    "common_pair": "a very common given name and surname of a longer name",
    "unclear_origin": "given name and last surname where either custom may hold",
    "unlisted_given": "another middle name or initial, and a surname left out",
    "few_letters": "another alphabet that leaves too much open",
    "caption_single": "one surname after v.",
    "small_letters": "an organisation in small letters in a text that has capitals",
    "goes_on": "a longer name may begin so",
    "other_given": "a given name tied on with a hyphen",
}
"""What is possible; beside a context word some become mentions, as `<code>_context`."""

REFUSED: Final = {
    "not_other_given": "another given name or initial before it",
    "not_other_middle": "another middle name, initial or patronymic",
    "not_second_surname": "another second surname",
    "not_wrong_surname": "a surname that does not count alone with the given name",
    "not_joined": "two surnames joined by y, e or i without a given name",
    "not_order": "surname first where nobody writes so",
    "not_hyphen": "part of a longer hyphenated name",
    "not_suffix": "another generation",
    "not_small_word": "a small word where an initial was looked for",
    "not_saint": "San, Santa or Saint before it",
    "not_cases": "grammatical cases that do not go together",
    "not_numeral": "a number that makes it another ship or firm",
    "not_goes_on": "a surname after an inverted name",
}
"""What was found and is somebody or something else."""

OF_THE_ITEM: Final = {
    "absent": "the name is not there",
    "lang": "the Item's language is left out",
    "source": "the Item's Source is left out",
    "never": "a word that must never be there",
    "cancelled": "the place is covered by something never meant",
    "require": "none of the required words",
    "unsupported": "a nickname without support",
}
"""What a rule says of the Item as a whole."""


LIFTED: Final = frozenset(
    {"common_pair", "unclear_origin", "unlisted_given", "particle", "few_letters"}
)
"""Reasons for which a possible mention reaches the threshold beside a context word."""


def codes() -> frozenset[str]:
    """Return every code a Reason of this room can have."""
    lifted = {f"{code}_context" for code in LIFTED}
    return frozenset({*MENTIONED, *POSSIBLE, *REFUSED, *OF_THE_ITEM, *lifted})
