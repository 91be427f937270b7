"""Stories and filings of a period as a picture: stacked bars, a day or a week each (PNG)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.chronicle import Counts
from model.words import Words

FONTS = Path(__file__).with_name("fonts")
"""Free fonts that come with us: without one the words would be missing."""
FONT = "DejaVu Sans"
WIDTH, HEIGHT = 1000, 540
ZOOM = 1.28
"""Of the picture, so that its words are sharp on a telephone."""
DAYS = 100
"""Beyond so many days a bar stands for a week."""
LABELS = 7
"""Dates that are written below the bars, about."""
LONGEST = 46
PAPER, INK, GRID = "#fbfbf9", "#22272e", "#dfe2e6"
"""A light sheet: it is legible on Telegram's light and dark backgrounds alike."""
NEWS, FILINGS = "#2f6db5", "#e08214"
"""Blue and orange: told apart by nearly everybody, and by their brightness."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day, or a week that begins with it."""

    day: date
    news: int
    filings: int


def bars(counts: Counts) -> list[Bar]:
    """Return one bar a day; of long periods one a week, the last of which ends the period."""
    days = [Bar(*one) for one in counts.days]
    if len(days) <= DAYS:
        return days
    first = len(days) % 7
    weeks = [days[at : at + 7] for at in range(first, len(days), 7)]
    weeks = [days[:first], *weeks] if first else weeks
    return [
        Bar(week[0].day, sum(one.news for one in week), sum(one.filings for one in week))
        for week in weeks
    ]


def draw(name: str, counts: Counts, words: Words) -> bytes:
    """Return the picture as PNG. It takes some tenths of a second of CPU: call it on a thread."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=_svg(name, counts, words),
            skip_system_fonts=True,
            font_files=[str(one) for one in sorted(FONTS.glob("*.ttf"))],
            font_family=FONT,
            sans_serif_family=FONT,
            zoom=ZOOM,
        )
    )


def _svg(name: str, counts: Counts, words: Words) -> str:
    pygal = _pygal()
    shown = bars(counts)
    chart = pygal.StackedBar(_look(), style=_style(), show_legend=True, legend_at_bottom=True)
    chart.title = _title(name, counts, words)
    chart.x_labels = [_label(one.day, words) for one in shown]
    step = max(1, round(len(shown) / LABELS))
    chart.x_labels_major = chart.x_labels[::step]
    top = max((one.news + one.filings for one in shown), default=0)
    chart.y_labels = _ticks(top)
    chart.add(words.say("chart.news", n=counts.stories), [one.news for one in shown])
    chart.add(words.say("chart.filings", n=counts.filings), [one.filings for one in shown])
    return str(chart.render(is_unicode=True))


@cache
def _pygal() -> Any:  # noqa: ANN401 - the library is not typed
    """Return the library, without the hook for maps that it leaves in everybody's imports: this
    Python warns of such old ones at each import that fails.
    """
    import pygal

    kept = [one for one in sys.meta_path if type(one).__module__ != pygal.__name__]
    sys.meta_path[:] = kept
    return pygal


def _look() -> Any:  # noqa: ANN401 - the library is not typed
    return _pygal().Config(
        width=WIDTH,
        height=HEIGHT,
        js=(),
        explicit_size=True,
        show_minor_x_labels=False,
        truncate_label=-1,
        truncate_legend=-1,
        x_label_rotation=0,
        legend_box_size=16,
        margin=22,
        margin_bottom=2,
        spacing=14,
        title_font_size=24,
        disable_xml_declaration=True,
        print_values=False,
        no_data_text="",
        formatter=str,
    )


def _style() -> Any:  # noqa: ANN401 - the library is not typed
    return _pygal().style.Style(
        background=PAPER,
        plot_background=PAPER,
        foreground=INK,
        foreground_strong=INK,
        foreground_subtle=GRID,
        guide_stroke_color=GRID,
        major_guide_stroke_color=GRID,
        guide_stroke_dasharray="0",
        major_guide_stroke_dasharray="0",
        opacity="1",
        font_family=FONT,
        title_font_family=FONT,
        label_font_size=17,
        major_label_font_size=17,
        legend_font_size=19,
        title_font_size=25,
        colors=(NEWS, FILINGS),
    )


def _title(name: str, counts: Counts, words: Words) -> str:
    """Return what the chart shows; a name that the font has no letters for is left to the
    caption.
    """
    period = words.say("chart.period", n=len(counts.days))
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
    return f"{short}, {period}" if _letters() >= {*short} else period[:1].upper() + period[1:]


@cache
def _letters() -> frozenset[str]:
    """Return the characters the fonts have, those that were cut out left aside."""
    spans = ((0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF))
    listed = {chr(code) for first, last in spans for code in range(first, last + 1)}
    return frozenset(listed | {*"–—‘’“”…"})


def _label(day: date, words: Words) -> str:
    from babel.dates import format_skeleton

    said: str = format_skeleton("MMMd", day, locale=words.language)
    return said


def _ticks(top: int) -> Sequence[int]:
    """Return whole numbers for the axis: at most eight, from nought to the highest bar."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_500, 5_000, 10_000):
        if top <= step * 7:
            return [step * n for n in range(max(1, -(-top // step)) + 1)]
    return [0, top]
