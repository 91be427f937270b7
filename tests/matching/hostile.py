"""Texts made to be slow to look through: each repeats what some rule has to think about."""

from __future__ import annotations

import random

UNITS = (
    "Salvador ", "Cienfuegos ", "Salvador Cienfuegos ", "Cienfuegos Zepeda, ", "S. ", "A ", "a ",
    "'", "“", '("', "x", "-", "H-2 ", "H-", "DEA Cienfuegos ", "19-cr-366 ", "1:19-cr-", "0",
    "孙", "孙浩", "孙浩然", "가", "a\u0301", "\u0301", "a\u200b", "Z" + "\u0301" * 50, "García ",
    "María José García López ", "El Padrino ", "USA v. ", "v. García ", "de la ", "O’", "d'Anna ",
    "Ali Hassan al-", "И. И. Иванов ", "محمد ", "ال", "ﷺ", "a\ud800 ", "\x00a", "\u202eabc ",
    "สมชาย ", "राजेश ", "Salvador\n", "Salvador “", "Salvador y ", "Cienfuegos-", "ＳＡＬＶ ",
)  # fmt: skip

ROWS: tuple[dict[str, object], ...] = (
    {
        "name": "Salvador Cienfuegos Zepeda",
        "aliases": ["General Cienfuegos", "Сальвадор Сьенфуэгос"],
        "nicknames": ["El Padrino"],
        "context": ["DEA", "cartel"],
        "never": ["Camilo Cienfuegos", "Cuba"],
    },
    {"name": "María José García López"},
    {"name": "Cienfuegos w/10 DEA"},
    {"name": "1:19-cr-00366", "kind": "case"},
    {"name": "USA v. García López", "kind": "case"},
    {"name": "Sun Haoran", "aliases": ["孙浩然"]},
    {"name": "H-2 Cartel", "kind": "org"},
    {"name": "Ali Hassan al-Jabri", "aliases": ["علي حسن الجابري"]},
    {"name": "Иван Иванов"},
    {"name": "วิชัย ทองประเสริฐ"},
)
"""Watches, as rows, that these texts are made to trouble."""


def texts(length: int) -> list[str]:
    """Return one text of `length` letters for each unit, and some of random letters."""
    found = [(unit * (length // len(unit) + 1))[:length] for unit in UNITS]
    chance = random.Random(3)
    ranges = ((32, 0x3000), (0x600, 0x700), (0x900, 0x980), (0x4E00, 0x4F00), (0x300, 0x460))
    for low, high in ranges:
        letters = [chance.choice((chr(chance.randrange(low, high)), " ")) for _ in range(length)]
        found.append("".join(letters))
    words = ["Salvador", "Cienfuegos", "Zepeda", "García", "López", "DEA", *"vy,.“”-H2", "de la"]
    found.append(" ".join(chance.choice(words) for _ in range(length // 5))[:length])
    return found
