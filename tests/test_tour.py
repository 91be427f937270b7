"""The tour in docs/ is what its script makes of today's program."""

from __future__ import annotations

from script.tour import DOCS, PAGE, make

AGAIN = "docs/tour.md is not what the program says any more: run `python -m script.tour`"


async def test_the_tour_is_what_the_program_says() -> None:
    page, pictures = await make()
    assert page == PAGE.read_text(encoding="utf-8"), AGAIN
    for name, data in pictures.items():
        kept = (DOCS / "tour" / name).read_bytes()
        assert (kept[:4], kept[16:24]) == (data[:4], data[16:24]), AGAIN  # sizes; fonts may differ
