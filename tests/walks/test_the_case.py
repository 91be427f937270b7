"""The case 1:19-cr-00366 moment by moment, on the demo's data, through the real loops."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot.demo.court import Paper
from bot.demo.outlets import Piece
from bot.demo.replay import Parts, happens, open_case, parts_of
from model.docket import DocketState
from store import dockets
from store.tables import delivery

NUMBER = "1:19-cr-00366"


@dataclass(frozen=True)
class Moment:
    """What one moment of the story brought."""

    text: str
    alerts: int
    edits: int
    priority: str
    """Of the last thing that was told up to then."""


@dataclass(frozen=True)
class Case:
    """The whole story as it was told."""

    before: tuple[DocketState, str]
    """What was known of the docket, and had been told, when the story began."""
    moments: dict[str, Moment]
    whole: str


async def _played() -> Case:
    out = io.StringIO()
    async with parts_of(out, None) as parts:
        _, first = await open_case(parts)
        before = (await _state(parts), out.getvalue())
        moments = {}
        for piece in parts.case.pieces[first:]:
            moments[f"{piece.at:%m-%d %H:%M}"] = await _moment(parts, out, piece)
        return Case(before, moments, out.getvalue())


async def _moment(parts: Parts, out: io.StringIO, piece: Piece | Paper) -> Moment:
    length, alerts, edits = len(out.getvalue()), parts.count.alerts, parts.count.edits
    await happens(parts, piece)
    async with parts.store.read() as tx:
        sends = select(func.max(delivery.c.id)).where(delivery.c.kind == "send")
        last = sends.scalar_subquery()
        priority = await tx.value(select(delivery.c.priority).where(delivery.c.id == last))
    return Moment(
        " ".join(out.getvalue()[length:].split()),
        parts.count.alerts - alerts,
        parts.count.edits - edits,
        str(priority),
    )


async def _state(parts: Parts) -> DocketState:
    async with parts.store.read() as tx:
        (docket,) = await dockets.find(tx, "nyed", NUMBER)
    return docket.state


@pytest.fixture(scope="module")
def case() -> Case:
    return asyncio.run(_played())


def test_a_sealed_case_is_followed_and_nothing_is_told(case):
    assert case.before == (DocketState.SEALED, "")


TOLD = [
    ("10-16 16:30", "🔓 Case unsealed: United States v. Cienfuegos Zepeda"),
    ("10-16 16:30", "and you follow this case"),
    ("10-16 16:50", "Arrest of Salvador Cienfuegos Zepeda in Los Angeles"),
    ("10-16 19:00", "6 Detention E.D.N.Y. · 1:19-cr-00366"),
    ("11-05 18:00", "Arraignment E.D.N.Y."),
    ("11-17 21:30", "22 Motion to dismiss"),
    ("11-17 21:30", "Filed 17 November 2020"),
    ("11-17 21:30", "under seal"),
    ("11-17 22:10", "Hearing set for 11/18/2020"),
    ("11-17 23:15", "That is 18 November 2020, in the court's own time"),
    ("11-18 14:30", "✎ the message above is edited, silently: 22 Motion to dismiss"),
    ("11-18 18:40", "Dismissal E.D.N.Y."),
    ("11-18 18:40", "The indictment is dismissed without prejudice."),
    (
        "11-18 18:40",
        "6 Detention (16 October 2020) → 22 Motion to dismiss (17 November 2020) → Dismissal",
    ),
]


@pytest.mark.parametrize(("moment", "said"), TOLD)
def test_each_moment_says_what_happened(case, moment, said):
    said = " ".join(said.split())
    assert said in case.moments[moment].text.replace("│ ", "")


# (moment, alerts, edits of a message already sent)
COUNTS = [
    ("10-16 16:30", 1, 0),  # unsealed, off the court's feed
    ("10-16 16:40", 0, 1),  # the order's text, pushed
    ("10-16 16:50", 1, 0),
    ("10-16 19:00", 1, 0),
    ("11-05 18:00", 1, 0),
    ("11-17 21:30", 1, 0),  # 22, sealed
    ("11-18 14:30", 0, 1),  # 22, public
    ("11-18 18:40", 1, 0),  # the order, pushed
    ("11-18 18:54", 0, 0),  # the order, off the court's feed
]


@pytest.mark.parametrize(("moment", "alerts", "edits"), COUNTS)
def test_each_filing_is_one_alert_whichever_way_it_comes(case, moment, alerts, edits):
    assert (case.moments[moment].alerts, case.moments[moment].edits) == (alerts, edits)


URGENT, NORMAL = "0", "1"


@pytest.mark.parametrize(
    ("moment", "priority"),
    [
        ("10-16 16:30", URGENT),
        ("10-16 16:50", URGENT),
        ("11-17 21:30", NORMAL),  # a motion names nobody, and is no outcome
        ("11-18 18:40", URGENT),
    ],
)
def test_what_is_loud_goes_before_everything_else(case, moment, priority):
    assert case.moments[moment].priority == priority


def test_the_case_is_unsealed_once(case):
    assert case.whole.count("🔓 Case unsealed") == 1


def test_nobody_is_told_that_the_general_pleaded_guilty(case):
    assert "Guilty plea" not in case.whole


def test_a_story_without_a_break_tells_of_no_gap(case):
    assert "may be missing" not in case.whole
