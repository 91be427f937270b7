"""What happened: docket entries as courts word them, and headlines in English and Spanish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.words import load
from matching.stages import events_of, stages, stages_of
from model.docket import Severity

COURTS = Path(__file__).parents[3] / "shared/data/courts"

DOCKET = [
    ("ORDER: Nonetheless, the motion to dismiss the indictment is GRANTED", "dismissal"),
    ("ORDER granting 22 Motion to Dismiss as to John Doe (1).", "dismissal"),
    ("ORDER granting [55] Motion to Dismiss. All claims are dismissed.", "dismissal"),
    ("ORDER granting 22 Motion to Dismiss; denying 23 Motion to Dismiss", "dismissal"),
    ("ORDER granting in part and denying in part 14 Motion to Dismiss", "dismissal"),
    ("ORDER granting the Government's motion to dismiss", "dismissal"),
    ("The Court GRANTS the government's application to dismiss the indictment", "dismissal"),
    ("The motion to dismiss the indictment under Rule 48(a) is hereby GRANTED", "dismissal"),
    ("ORDER: motion 5 is denied. The motion to dismiss count 2 is granted", "dismissal"),
    ("ORDER denying as moot 12 Motion to Dismiss", "order"),
    ("ORDER granting motion for extension of time to answer the motion to dismiss", "extension"),
    ("Proposed Order granting motion to dismiss", "motion"),
    ("NOTICE OF APPEAL re Order of Dismissal by USA", "appeal"),
    ("MOTION to Unseal Case", "motion"),
    ("ORDER denying 5 Motion to Unseal", "order"),
    ("ORDER granting 5 Motion to Unseal", "unsealed"),
    ("INDICTMENT as to Jane Roe. Motion to dismiss indictment due 5/1", "indictment"),
    ("ORDER granting 9 Motion to Transfer Case", "transfer"),
    ("Order on Motion for Extension of Time to Indictment", "extension"),
    ("Certificate of Service re: Order Dismissing Case", "certificate"),
    ("ORDER TO SHOW CAUSE why case should not be dismissed", "order"),
    ("Order Dismissing Case", "dismissal"),
    ("The indictment is hereby dismissed without prejudice", "dismissal"),
    ("NOLLE PROSEQUI as to Jane Roe", "dismissal"),
    ("INDICTMENT as to Jane Roe (1) count(s) 1-4", "indictment"),
    ("SEALED INDICTMENT", "indictment"),
    ("SUPERSEDING INDICTMENT (S-1) as to John Doe", "superseding"),
    ("Order to Unseal Indictment as to Jane Roe", "unsealed"),
    ("INDICTMENT UNSEALED as to Jane Roe", "unsealed"),
    ("Arrest of Jane Roe", "arrest"),
    ("Change of Plea Hearing: PLEA OF GUILTY to count 1", "plea"),
    ("PLEA AGREEMENT as to John Doe", "plea"),
    ("Change of Plea Hearing as to Jane Roe held. Defendant enters a plea of guilty", "plea"),
    ("LODGED PLEA AGREEMENT as to Jane Roe", "plea"),
    ("Change of Plea Hearing set for 3/15/2017 at 10:30 AM in Courtroom 2", "hearing"),
    ("Order Setting Change of Plea Hearing", "hearing"),
    ("NOTICE of Documents Received (Rule 40)", "notice"),
    ("OBJECTION to 47 Report and Recommendations", "letter"),
    ("BNC Certificate of Notice (related document(s) 8 Order Dismissing Case)", "certificate"),
    ("Sentencing as to Jane Roe: Sentence imposed. Judgment to issue", "sentence"),
    ("LETTER (UNSEALED Pursuant to Order Dated 11/2/09)", "order"),
    ("JURY VERDICT as to John Doe (1) Guilty on Count 1", "verdict"),
    ("JUDGMENT IN A CRIMINAL CASE as to John Doe", "sentence"),
    ("Clerk's JUDGMENT", "judgment"),
    ("Civil Case Terminated.", "terminated"),
    ("Case Reopened", "reopened"),
    ("Unpublished per curiam opinion filed", "opinion"),
    ("MEMORANDUM DECISION AND ORDER", "opinion"),
    ("MOTION to Dismiss Indictment by USA as to John Doe", "motion_to_dismiss"),
    ("ORDER denying 22 Motion to Dismiss", "order"),
    ("ORDER: the motion to dismiss is DENIED", "order"),
    ("Order Granting Motion To Continue Hearing On: (34 Motion to Dismiss Case)", "order"),
    ("Order", "order"),
    ("COMPLAINT against Acme Corp.", "complaint"),
    ("Minute Entry: ARRAIGNMENT held; Plea NOT GUILTY entered on all counts", "arraignment"),
    ("Detention Letter as to John Doe", "detention"),
    ("ORDER OF DETENTION", "detention"),
    ("ORDER Setting Conditions of Release", "release"),
    ("NOTICE OF APPEAL from [81] Judgment", "judgment"),
    ("Notice of Appeal", "appeal"),
    ("MOTION to Suppress", "motion"),
    ("Sealed Document placed in vault", "sealed"),
    ("Letter re status", "letter"),
    ("Status Conference held before Judge Amon", "hearing"),
    ("Order on Motion for Leave to Appear Pro Hac Vice", "pro_hac_vice"),
    ("Order on Motion for Extension of Time to File", "extension"),
    ("Scheduling Order", "scheduling"),
    ("~Util - Set Hearings", "scheduling"),
    ("NOTICE OF ATTORNEY APPEARANCE by Jane Doe for USA", "appearance"),
    ("Certificate of Service", "certificate"),
    ("Summons Issued as to Acme Corp.", "summons"),
    ("Corporate Disclosure Statement", "disclosure"),
    ("Transcript of Proceedings regarding Motions for Summary Judgment", "transcript"),
    ("CJA 20 Appointment of Attorney", "fee"),
]

NEWS = [
    ("en", "Judge drops charges against former minister", "dismissal"),
    ("en", "U.S. moves to dismiss: prosecutors sought to drop case", "motion_to_dismiss"),
    ("en", "Former minister arrested in Los Angeles", "arrest"),
    ("en", "Ex-general pleads guilty to bribery", "plea"),
    ("en", "Ex-general pleads not guilty in Brooklyn", "arraignment"),
    ("en", "Trafficker sentenced to life in prison", "sentence"),
    ("en", "Mexico clears: general cleared of all wrongdoing", "cleared"),
    ("en", "Indictment unsealed in Brooklyn", "unsealed"),
    ("en", "Kingpin extradited to the United States", "extradition"),
    ("en", "Ex-governor released on bail", "release"),
    ("en", "Treasury sanctions three brothers", "sanctions"),
    (
        "en",
        "Prosecutors: an investigation opened into contracts",
        "investigation",
    ),
    ("es", "Jueza acepta desestimar el caso contra el general", "dismissal"),
    ("es", "Detienen en Los Ángeles al exsecretario", "arrest"),
    ("es", "La FGR decreta el no ejercicio de la acción penal", "cleared"),
    ("es", "Giran orden de aprehensión contra el exgobernador", "warrant"),
    ("es", "Juez dicta vinculación a proceso", "charge"),
    ("es", "Juez dicta sobreseimiento del caso", "dismissal"),
    ("es", "Concede amparo contra la extradición", "appeal"),
    ("es", "Queda en libertad el exfuncionario", "release"),
    ("es", "Condenado a 20 años de prisión", "sentence"),
    ("es", "Se declara culpable ante la corte", "plea"),
]


@pytest.mark.parametrize(("text", "kind"), DOCKET)
def test_a_docket_s_wording_is_understood(text: str, kind: str) -> None:
    assert events_of(text)[0].kind == kind, events_of(text)


@pytest.mark.parametrize(("lang", "headline", "kind"), NEWS)
def test_a_headline_s_stage_is_understood(lang: str, headline: str, kind: str) -> None:
    assert kind in {one.kind for one in stages_of(headline, lang)}, stages_of(headline, lang)


@pytest.mark.parametrize(
    ("headline", "kinds"),
    [
        ("Case dismissed: the general goes home", {"dismissal", "release"}),
        ("Judge throws out indictment, ex-minister walks free", {"dismissal", "release"}),
        ("In a reversal, Washington asks a judge to drop the case", {"motion_to_dismiss"}),
        ("Prosecutors move to dismiss charges against ex-minister", {"motion_to_dismiss"}),
        ("Judge dismisses bid to release ex-minister", set()),
        ("Judge dismisses request for bail", {"detention"}),
        ("Judge refuses to dismiss case against ex-minister", set()),
    ],
)
def test_what_is_dismissed_decides_what_that_tells(headline: str, kinds: set[str]) -> None:
    assert {one.kind for one in stages_of(headline, "en")} == kinds


def test_an_arrest_is_no_release_and_a_release_no_arrest() -> None:
    for arrested, released in [
        ("General arrested in Los Angeles", "General released in Los Angeles"),
        ("Detienen al general en Almoloya", "Liberan al general en Almoloya"),
    ]:
        assert {one.kind for one in stages_of(arrested)} == {"arrest"}
        assert {one.kind for one in stages_of(released)} == {"release"}


def test_spans_are_those_of_the_words_as_written() -> None:
    text = "Éste: la extradición del exsecretario"
    [event] = stages_of(text, "es")
    assert text[event.start : event.end] == "extradición"


@settings(deadline=None)  # the first headline loads the tables
@given(st.text(max_size=300))
def test_every_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    for event in (*events_of(text), *stages_of(text)):
        assert 0 <= event.start < event.end <= len(text)


def test_every_kind_of_the_table_has_its_word() -> None:
    english = load("en")
    assert [kind for kind in stages() if f"event.{kind}" not in english] == []


def wordings() -> Iterator[str]:
    for path in COURTS.rglob("*.json"):
        if "courtlistener" not in str(path):
            yield from _said(json.loads(path.read_text()))


def _said(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name in ("description", "short_description") and isinstance(one, str):
                yield one
            else:
                yield from _said(one)
    elif isinstance(value, list):
        for one in value:
            yield from _said(one)


@pytest.mark.skipif(not COURTS.is_dir(), reason="needs ../shared/data/courts")
def test_most_of_what_courts_really_write_is_understood() -> None:
    said = {text.strip() for text in wordings() if text.strip()}
    assert len(said) > 4_000
    read = {text: events_of(text) for text in said}
    assert sum(map(bool, read.values())) / len(said) > 0.8
    loud = [text for text, found in read.items() if found and found[0].severity is Severity.LOUD]
    assert 0.02 < len(loud) / len(said) < 0.06, "orders and outcomes are few"
    granted = [t for t in said if re.search(r"(?i)granting (\[?\d+\]? )?motion to dismiss\.", t)]
    assert granted
    assert all(read[text][0].severity is Severity.LOUD for text in granted)
