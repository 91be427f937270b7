from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matching.joining import Joining, decide
from matching.same import REPRINT_WINDOW, item_keys
from model import AlertDraft, AlertKind, Item, Step, Told

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
HEADLINE = "Judge grants the motion to drop the case"


def item(number: int = 1, **fields: object) -> Item:
    given: dict[str, object] = {
        "id": number,
        "key": f"urn:{number}",
        "url": f"https://example.org/{number}",
        "title": HEADLINE,
        "source_id": 1,
    }
    return Item(**{**given, **fields})


def draft(one: Item | None = None, **fields: object) -> AlertDraft:
    given: dict[str, object] = {
        "subscriber_id": 7,
        "item": one or item(),
        "watch_ids": (3,),
        "mentions": (),
    }
    return AlertDraft(**{**given, **fields})


def told(one: Item | None = None, **fields: object) -> Told:
    keys = item_keys(one or item())
    given: dict[str, object] = {
        "alert_id": 50,
        "subscriber_id": 7,
        "story_id": 5,
        "watch_ids": (3,),
        "item_ids": ((one or item()).id,),
        "url_keys": (keys.url_key,),
        "title_keys": (keys.title_key,),
        "at": NOW - timedelta(hours=1),
    }
    return Told(**{**given, **fields})


def step(one: AlertDraft, *before: Told, **options: object) -> tuple[Step, int]:
    (decision,) = decide([one], before, now=NOW, **options)
    assert decision.draft is one
    return decision.step, decision.alert_id


def test_the_key_knows_neither_title_nor_date() -> None:
    one = item(published="Wed, 18 Nov 2020 18:51:00 GMT", published_at=NOW)
    other = item(title="Another headline entirely, later", published="", summary="x")
    assert item_keys(one).key == item_keys(other).key


def test_an_item_without_a_key_is_known_by_its_address_then_by_its_words() -> None:
    assert item_keys(Item(url="https://a/1")).key != item_keys(Item(url="https://a/2")).key
    assert item_keys(Item(title="A b c")).key != item_keys(Item(title="A b d")).key
    assert len(item_keys(Item()).key) == 16


def test_a_headline_is_the_same_in_another_dress() -> None:
    one = item_keys(item(title="García Luna: “condenado” en Nueva York"))
    two = item_keys(item(title="GARCIA LUNA — condenado, en Nueva York!"))
    assert one.title_key == two.title_key != b""


def test_an_agency_update_keeps_its_headline() -> None:
    assert item_keys(item(title="UPDATE 2-" + HEADLINE)).title_key == item_keys(item()).title_key


def test_a_rubric_is_no_headline() -> None:
    assert item_keys(item(title="Live updates")).title_key == b""


def test_a_front_page_is_nobodys_own_address() -> None:
    for url in ("", "https://example.org", "https://example.org/"):
        assert item_keys(item(url=url)).url_key == b""
    assert item_keys(item(url="https://example.org/?p=12")).url_key != b""


def test_filings_of_one_case_share_neither_headline_nor_address() -> None:
    keys = item_keys(item(title="1:19-cr-00366-CBA USA v. Cienfuegos Zepeda"))
    assert keys.title_key == b""
    assert keys.url_key == b""


def test_the_same_words_have_the_same_print_whatever_their_case_and_lines() -> None:
    one = item(key="a", url="http://example.org/a", summary="He was\nreleased.")
    two = item(key="b", url="https://example.org/b", summary="he was released.")
    assert item_keys(one).print_key == item_keys(two).print_key
    assert item_keys(Item(key="a")).print_key == b""


@given(st.builds(Item, key=st.text(), url=st.text(), title=st.text(), summary=st.text()))
def test_no_text_breaks_the_keys(one: Item) -> None:
    keys = item_keys(one)
    assert keys == item_keys(one)
    assert len(keys.key) == 16
    assert all(len(key) in (0, 16) for key in (keys.url_key, keys.title_key, keys.print_key))


def test_a_new_item_is_told() -> None:
    assert step(draft()) == (Step.TELL, 0)


def test_the_address_of_several_entries_of_one_source_joins_nothing() -> None:
    first = item(title="The charges against him were dropped", summary="In Brooklyn, today.")
    said = {"title": "A book about old generals is out", "summary": "It is long and dear."}
    before = told(first, items=(first,))
    assert step(draft(item(2, url=first.url, **said)), before) == (Step.TELL, 0)
    assert step(draft(item(2, url=first.url, source_id=2, **said)), before) == (Step.JOIN, 50)
    revised = item(2, url=first.url, title="Charges against him are dropped", summary=first.summary)
    assert step(draft(revised), before) == (Step.JOIN, 50)


def test_a_reprint_joins_the_first_alert() -> None:
    reprint = draft(item(2, source_id=2))
    assert step(reprint, told()) == (Step.JOIN, 50)
    earlier = told(alert_id=49, at=NOW - timedelta(hours=2))
    assert step(reprint, told(), earlier) == (Step.JOIN, 49)


def test_the_same_address_joins_under_another_headline() -> None:
    other = draft(item(2, url=item().url, title="Quite another headline here"))
    assert step(other, told()) == (Step.JOIN, 50)


def test_a_reprint_is_told_when_reprints_are_not_merged() -> None:
    assert step(draft(item(2)), told(), rules=Joining(merge=False)) == (Step.TELL, 0)


def test_a_reprint_after_three_days_is_told_again() -> None:
    old = told(at=NOW - REPRINT_WINDOW - timedelta(seconds=1))
    assert step(draft(item(2)), old) == (Step.TELL, 0)


def test_a_reprint_is_told_to_somebody_else() -> None:
    assert step(draft(item(2), subscriber_id=8), told()) == (Step.TELL, 0)


def test_a_reprint_that_names_one_more_person_is_told() -> None:
    assert step(draft(item(2), watch_ids=(3, 4)), told()) == (Step.TELL, 0)
    assert step(draft(item(2)), told(watch_ids=(3, 4))) == (Step.JOIN, 50)


def test_nothing_joins_a_backlog_and_a_backlog_joins_nothing() -> None:
    assert step(draft(item(2)), told(kind=AlertKind.BACKLOG)) == (Step.TELL, 0)
    assert step(draft(item(2), backlog=True), told()) == (Step.TELL, 0)


def test_two_reprints_of_one_batch_are_one_story() -> None:
    drafts = [draft(item(1)), draft(item(2)), draft(item(9), subscriber_id=8), draft(item(3))]
    decisions = decide(drafts, [], now=NOW)
    assert [(d.step, d.alert_id) for d in decisions] == [
        (Step.TELL, 0),
        (Step.JOIN, -1),
        (Step.TELL, 0),
        (Step.JOIN, -1),
    ]


def test_a_new_headline_edits_the_message() -> None:
    edit = draft(changed=True, headline_changed=True)
    assert step(edit, told()) == (Step.EDIT, 50)


def test_a_changed_summary_alone_edits_nothing() -> None:
    assert step(draft(changed=True), told()) == (Step.NOTHING, 0)


def test_a_headline_is_edited_until_the_edit_window_closes() -> None:
    edit = draft(changed=True, headline_changed=True)
    day = timedelta(hours=24)
    assert step(edit, told(at=NOW - day), rules=Joining(edit_window=day)) == (Step.EDIT, 50)
    late = told(at=NOW - day - timedelta(seconds=1))
    assert step(edit, late, rules=Joining(edit_window=day)) == (Step.NOTHING, 0)


def test_an_edit_that_newly_names_somebody_is_an_alert() -> None:
    edit = draft(changed=True, headline_changed=True, watch_ids=(3, 4), fresh_watches=(4,))
    assert step(edit, told()) == (Step.TELL, 0)
    assert step(edit) == (Step.TELL, 0)


def test_a_person_told_of_already_is_not_newly_named() -> None:
    edit = draft(changed=True, headline_changed=True, fresh_watches=(3,))
    assert step(edit, told()) == (Step.EDIT, 50)


def test_an_edit_of_what_was_never_told_is_nothing() -> None:
    assert step(draft(changed=True, headline_changed=True)) == (Step.NOTHING, 0)


def test_the_latest_of_two_alerts_about_an_item_is_edited() -> None:
    edit = draft(changed=True, headline_changed=True)
    later = told(alert_id=60, at=NOW - timedelta(minutes=5))
    assert step(edit, told(), later) == (Step.EDIT, 60)
