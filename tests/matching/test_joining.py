"""What a reader is told of a Story: one message, edited; a reply for its next stage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from matching.joining import Joining, Telling, decide
from matching.same import item_keys
from model import AlertDraft, Bond, Decision, Item, Sameness, Step, Tie, Told

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
ARREST = "Former minister Salvador Cienfuegos arrested at Los Angeles airport"
REWRITE = "Salvador Cienfuegos, Mexico's ex-minister, detained at the airport of Los Angeles"
SPANISH = "Detienen al general Salvador Cienfuegos en el aeropuerto de Los Ángeles"
RELEASE = "Former minister Salvador Cienfuegos released in Los Angeles"


def item(number: int, title: str = ARREST, lang: str = "en", **more: str) -> Item:
    url = f"https://example.org/{number}"
    return Item(
        **{"key": f"urn:{number}", "url": url, "title": title, "lang": lang, **more}, id=number
    )  # type: ignore[arg-type]


def draft(number: int, title: str, lang: str = "en", *, reader: int = 7) -> AlertDraft:
    return AlertDraft(reader, item(number, title, lang), (3,), ())


def told(alert: int, *items: Item, hours: float = 1, tie: Tie | None = None) -> Told:
    keys = [item_keys(one) for one in items]
    return Told(
        alert,
        7,
        alert,
        (3,),
        tuple(one.id for one in items),
        tuple(one.url_key for one in keys),
        tuple(one.title_key for one in keys),
        NOW - timedelta(hours=hours),
        items=items,
        tie=tie,
    )


FIRST = told(50, item(1))


def decided(*drafts: AlertDraft, had: tuple[Told, ...] = (FIRST,)) -> list[Decision]:
    return decide(drafts, had, now=NOW)


def test_a_rewrite_in_any_language_joins_the_first_message() -> None:
    english, spanish = decided(draft(2, REWRITE), draft(3, SPANISH, "es"))
    assert (english.step, english.alert_id, english.how) == (Step.JOIN, 50, Sameness.SAME)
    assert (spanish.step, spanish.alert_id, spanish.how) == (Step.JOIN, 50, Sameness.SAME)


def test_a_release_is_a_new_message_in_the_thread_of_the_arrest() -> None:
    (one,) = decided(draft(2, RELEASE))
    assert (one.step, one.tie) == (Step.TELL, Tie(50, Bond.STAGE, "another stage"))


def test_a_second_release_joins_the_first_one_of_the_same_batch() -> None:
    one, two = decided(draft(2, RELEASE), draft(3, "Salvador Cienfuegos freed in Los Angeles"))
    assert one.step is Step.TELL
    assert (two.step, two.alert_id) == (Step.JOIN, -1)


def test_a_stage_of_a_stage_answers_the_first_message_of_the_thread() -> None:
    release = told(51, item(2, RELEASE), hours=0.5, tie=Tie(50, Bond.STAGE))
    (one,) = decided(draft(3, "Salvador Cienfuegos arrested again in Mexico"), had=(release,))
    assert one.tie is not None
    assert (one.tie.alert_id, one.tie.bond) == (50, Bond.STAGE)


def test_a_text_of_its_own_about_a_frozen_story_is_told_anew_with_a_link_back() -> None:
    old = told(50, item(1), hours=30)
    new, next_one, reprint = decided(
        draft(2, REWRITE), draft(3, SPANISH, "es"), draft(4, ARREST), had=(old,)
    )
    assert (new.step, new.tie) == (Step.TELL, Tie(50, Bond.EARLIER, "same"))
    assert (next_one.step, next_one.alert_id) == (Step.JOIN, -1)
    assert (reprint.step, reprint.alert_id, reprint.frozen) == (Step.JOIN, -1, False)


def test_a_mere_reprint_of_a_frozen_story_is_kept_and_tells_nothing() -> None:
    (one,) = decided(draft(4, ARREST), had=(told(50, item(1), hours=30),))
    assert (one.step, one.alert_id, one.frozen) == (Step.JOIN, 50, True)


def test_what_was_near_and_kept_apart_says_from_what_and_why() -> None:
    sentence = told(50, item(1, "Salvador Cienfuegos sentenced to 8 years in prison"))
    (one,) = decided(
        draft(2, "Salvador Cienfuegos sentenced to 12 years in prison"), had=(sentence,)
    )
    assert (one.step, one.tie) == (Step.TELL, Tie(50, Bond.APART, "other figures"))


def test_a_message_joined_to_another_by_hand_is_joined_no_more() -> None:
    merged = told(51, item(2, REWRITE), hours=0.5, tie=Tie(50, Bond.MERGED))
    first = told(50, item(1), item(2, REWRITE))
    (one,) = decided(draft(3, SPANISH, "es"), had=(merged, first))
    assert (one.step, one.alert_id) == (Step.JOIN, 50)


def test_two_readers_who_were_told_differently_are_told_differently() -> None:
    one, two = decided(draft(2, REWRITE), draft(2, REWRITE, reader=8))
    assert (one.step, two.step) == (Step.JOIN, Step.TELL)


def test_without_merging_every_item_is_told() -> None:
    (one,) = decide([draft(2, REWRITE)], [FIRST], now=NOW, rules=Joining(merge=False))
    assert one.step is Step.TELL


def test_what_a_reader_would_be_told_is_worked_out_one_item_after_another() -> None:
    telling = Telling()
    hour = timedelta(hours=1)
    assert not telling.joins(item(1), NOW)
    assert telling.joins(item(2, REWRITE), NOW + hour)
    assert not telling.joins(item(3, RELEASE), NOW + 2 * hour)
    assert telling.joins(item(4, SPANISH, "es"), NOW + 3 * hour)
    assert not telling.joins(item(5, REWRITE), NOW + 200 * hour)
