"""The demo's court: the case's docket as the court's own feed lists it and as CourtListener
pushes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from watchers.kinds.courtlistener_push import EventType

FEED = "court"
PUSH = "push"
_WHERE = "https://ecf.nyed.uscourts.gov"


@dataclass(frozen=True, slots=True)
class Case:
    """The court case that the story is about, followed before anything of it is public."""

    court: str
    number: str
    case_id: str
    caption: str
    judges: str
    docket_id: str
    """What the docket is called where pushes come from."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Something of the docket that becomes known at a moment, by one way; the same entry again
    is more that is known of it.
    """

    at: datetime
    by: str
    """`FEED` or `PUSH`."""
    id: int
    """What tells it from the docket's other papers: pacer's sequence number."""
    short: str
    filed: date
    entry: str = ""
    text: str = ""
    sealed: bool = False

    @property
    def title(self) -> str:
        """What it is called in a line."""
        return self.short


def court_feed(case: Case, papers: Iterable[Paper]) -> str:
    """Return the court's feed as CM/ECF writes it, the newest first; `papers`: the oldest first."""
    items = "".join(_listed(case, one) for one in reversed(list(papers)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        "<title>Eastern District of New York Order/Judgment Entries on cases</title>"
        f"<link>{_WHERE}</link>"
        "<description>Public Complaints, Orders and Judgments in the last 24 Hours</description>"
        f"{items}{_OTHER}</channel></rss>"
    )


_OTHER = (
    "<item><title><![CDATA[1:20-cv-99999 Roe v. Poe]]></title>"
    "<pubDate>Tue, 13 Oct 2020 12:00:00 GMT</pubDate>"
    f'<guid isPermaLink="true">{_WHERE}/cgi-bin/DktRpt.pl?999999</guid>'
    "<description><![CDATA[[Order] Roe v. Poe ]]></description>"
    f"<link>{_WHERE}/cgi-bin/DktRpt.pl?999999</link></item>"
)
"""An order in another case, invented: a court's feed is never empty."""


def _listed(case: Case, paper: Paper) -> str:
    docket = f"{_WHERE}/cgi-bin/DktRpt.pl?{case.case_id}"
    where = f"{_WHERE}/doc1/?caseid={case.case_id}&de_seq_num={paper.id}"
    document = f' (<a href="{escape(where)}">{paper.entry}</a>)' if paper.entry else ""
    return (
        f"<item><title><![CDATA[{case.number}-{case.judges} {case.caption}]]></title>"
        f"<pubDate>{format_datetime(paper.at, usegmt=True)}</pubDate><author></author>"
        f'<guid isPermaLink="true">{docket}</guid>'
        f"<description><![CDATA[[{paper.short}]{document} {case.caption} ]]></description>"
        f"<link>{docket}</link></item>"
    )


def pushed(case: Case, paper: Paper) -> bytes:
    """Return the body of a docket alert, as CourtListener posts it."""
    document = {
        "document_type": 1,
        "document_number": paper.entry,
        "description": paper.short,
        "is_available": False,
        "is_sealed": paper.sealed,
    }
    entry = {
        "id": int(case.docket_id) * 1000 + paper.id,
        "docket": int(case.docket_id),
        "entry_number": int(paper.entry) if paper.entry else None,
        "pacer_sequence_number": paper.id,
        "date_created": paper.at.isoformat(),
        "date_filed": paper.filed.isoformat(),
        "description": paper.text,
        "recap_documents": [document],
    }
    event = {"event_type": EventType.DOCKET_ALERT, "version": 2}
    return json.dumps({"webhook": event, "payload": {"results": [entry]}}).encode()
