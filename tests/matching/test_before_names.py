"""A title or the first word of a sentence before a name is no other given name."""

from __future__ import annotations

import pytest

from matching.match import Matcher
from model import Item, Watch

BEFORE = {
    "es": ("Evaristo Luján Cárdenas", "Ante, Durante, Pero, Segundo, Cayó, Nada, Detienen a, Juez"),
    "pt": ("Gonçalo Meireles Falcão", "Durante, Segundo, Ela, Uma, Nova, Dom, Juiz"),
    "en": ("Clara Vandenberg", "Agent, Author, Till, Said, Ever, Else, Baron, Imam, Pastor, Judge"),
    "fr": ("Maximilien Desrosiers", "Maire, Sinon, Père, Abbé, Maître"),
    "de": ("Hartmut Größmann", "Nur, Ab, An, Einer, Leider, Beste, Herr"),
    "sv": ("Östen Lindgård", "Till, Om, Vi, Från, Bara, Alla, Andra, Min, Över"),
    "nl": ("Cornelius van der Heijde", "Over, Na, Ben, Elke, Beste, Baron"),
    "pl": ("Krzysztof Wędrychowicz", "Ale, Ani, Sam, Pan"),
    "cs": ("Bohumil Vodňanský", "Ale, Ani, Sám, Pan"),
    "hu": ("Szentmiklósi Gergely", "Kis, Majd, Aki, Annak, Maga, Ha"),
    "tr": ("Hüseyin Karabıyık", "Sayın, Hakim, Ama, Polis, Yeni, Özel, Sultan, İmam"),
    "vi": ("Trịnh Hoàng Phúc", "Ông, Anh, Chị, Theo, Trong"),
    "ro": ("Șerban Lăzăroiu", "Mai, Așa, Buna, Domnul"),
    "el": ("Αριστείδης Κουτσογιάννης", "Αλλά, Μετά, Κύριος"),
    "ar": ("منصور الدوسري", "السيد, الشيخ, الأمير, هنا"),
    "fa": ("بهروز نیک‌پور", "سید, رئیس, امیر, آقای"),
    "he": ("דורון אלקיים", "לי, שלי, אשר, שני, השופט"),
    "hi": ("राजेश कुलकर्णी", "श्री, काम, सेठ"),
}


@pytest.mark.parametrize("declared", [True, False], ids=["language known", "language unknown"])
@pytest.mark.parametrize("language", BEFORE)
def test_a_title_before_a_name_is_no_given_name(language: str, *, declared: bool) -> None:
    name, words = BEFORE[language]
    matcher = Matcher()
    matcher.add(Watch(name, id=1))
    for word in words.split(", "):
        item = Item(key="x", text=f"{word} {name}.", lang=language if declared else "", id=1)
        assert matcher.find_mentions(item), word


def test_a_given_name_before_two_surnames_still_makes_them_another_persons() -> None:
    matcher = Matcher()
    matcher.add(Watch("Evaristo Luján Cárdenas", id=1))
    for text in ("Ella Luján Cárdenas ganó.", "Teo Luján Cárdenas ganó."):
        item = Item(key="x", text=text, lang="en", id=1)
        assert not matcher.find_mentions(item), text
