"""No chat is written to too fast, nobody waits for somebody else's flood, order is kept."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.pacing import UNLIMITED, Limits, Pacer, Turn
from model.people import Chat


def turn(address: str, chat: Chat = Chat.PRIVATE, priority: int = 1, age: int = 0) -> Turn:
    return Turn(age, address, chat, (priority, age))


def drain(pacer: Pacer, waiting: list[Turn], now: float = 0.0) -> list[tuple[float, Turn]]:
    """Send everything as fast as the pacer lets us, in simulated time."""
    sent = []
    while waiting:
        chosen, soonest = pacer.next_turn(_heads(waiting), now)
        if chosen is None:
            assert soonest > now
            now = soonest
            continue
        pacer.sent(chosen.address, chosen.chat, now)
        waiting.remove(chosen)
        sent.append((now, chosen))
    return sent


def _heads(waiting: list[Turn]) -> list[Turn]:
    heads: dict[str, Turn] = {}
    for one in waiting:
        heads.setdefault(one.address, one)
    return list(heads.values())


def test_a_private_chat_hears_once_a_second() -> None:
    sent = drain(Pacer(), [turn("a", age=n) for n in range(5)])
    assert [round(at, 2) for at, _ in sent] == [0.0, 1.05, 2.1, 3.15, 4.2]
    assert [one.rank[1] for _, one in sent] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("chat", [Chat.GROUP, Chat.CHANNEL])
def test_a_group_or_channel_hears_at_most_twenty_in_any_minute(chat: Chat) -> None:
    sent = [at for at, _ in drain(Pacer(), [turn("g", chat, age=n) for n in range(100)])]
    assert all(sum(at <= other < at + 60 for other in sent) <= 20 for at in sent)
    assert all(b - a >= 1 for a, b in pairwise(sent))
    assert sent[-1] < 330  # 100 at 19 a minute


def test_all_chats_together_hear_at_most_thirty_a_second() -> None:
    sent = [at for at, _ in drain(Pacer(), [turn(str(n)) for n in range(300)])]
    assert max(sum(at <= other < at + 1 for other in sent) for at in sent) <= 29
    assert 10.0 < sent[-1] < 10.7


def test_lost_time_is_made_good_only_a_little() -> None:
    pacer = Pacer()
    pacer.sent("a", Chat.PRIVATE, 0.0)
    burst = 0
    while pacer.next_turn([turn(f"x{burst}")], 100.0)[0]:
        pacer.sent(f"x{burst}", Chat.PRIVATE, 100.0)
        burst += 1
    assert burst == 6


def test_the_urgent_go_first_and_among_equals_the_oldest() -> None:
    waiting = [turn("a", priority=1, age=1), turn("b", priority=0, age=9), turn("c", age=0)]
    chosen = [one.address for _, one in drain(Pacer(), waiting)]
    assert chosen == ["b", "c", "a"]


def test_a_chat_that_complains_is_parked_and_slower_and_nobody_else() -> None:
    pacer = Pacer()
    pacer.sent("a", Chat.PRIVATE, 0.0)
    assert not pacer.told_to_wait("a", 30, 0.0)
    assert pacer.ready_at("a", Chat.PRIVATE, 0.0) == 30
    assert pacer.next_turn([turn("a"), turn("b")], 1.0) == (turn("b"), 1.0)
    pacer.sent("a", Chat.PRIVATE, 30.0)
    assert 31.05 < pacer.ready_at("a", Chat.PRIVATE, 30.0) < 31.58
    pacer.sent("a", Chat.PRIVATE, 700.0)
    assert pacer.ready_at("a", Chat.PRIVATE, 700.0) == pytest.approx(701.05)


def test_a_gap_widens_with_every_complaint_up_to_a_bound() -> None:
    pacer = Pacer()
    for _ in range(20):
        pacer.told_to_wait("a", 0, 0.0)
    pacer.sent("a", Chat.PRIVATE, 0.0)
    assert pacer.ready_at("a", Chat.PRIVATE, 0.0) == 30.0


def test_when_several_chats_complain_at_once_everybody_waits() -> None:
    pacer = Pacer()
    assert not pacer.told_to_wait("a", 5, 0.0)
    assert not pacer.told_to_wait("a", 5, 0.1)
    assert not pacer.told_to_wait("b", 5, 0.2)
    assert pacer.told_to_wait("c", 5, 0.9)
    assert pacer.next_turn([turn("d")], 1.0) == (None, 5.9)
    assert pacer.next_turn([turn("d")], 6.0)[0] == turn("d")


def test_complaints_that_are_far_apart_do_not_add_up() -> None:
    pacer = Pacer()
    assert not any(pacer.told_to_wait(chat, 5, at) for at, chat in ((0, "a"), (2, "b"), (4, "c")))


def test_an_unreachable_server_parks_everybody_until_it_answers() -> None:
    pacer = Pacer()
    pacer.unreachable(10, 0.0)
    assert pacer.next_turn([turn("a")], 1.0) == (None, 10.0)
    assert pacer.is_parked(1.0)
    pacer.reachable()
    assert pacer.next_turn([turn("a")], 1.0)[0] == turn("a")


def test_an_answer_to_somebody_does_not_end_a_flood_wait_of_all() -> None:
    pacer = Pacer()
    pacer.park_all(10, 0.0)
    pacer.reachable()
    assert pacer.next_turn([turn("a")], 1.0) == (None, 10.0)


def test_a_gap_begins_when_the_message_really_left() -> None:
    pacer = Pacer()
    pacer.sent("a", Chat.PRIVATE, 0.0)
    pacer.left("a", 0.5)
    assert pacer.ready_at("a", Chat.PRIVATE, 0.5) == pytest.approx(1.55)


def test_nobody_waiting_is_nobodys_turn() -> None:
    assert Pacer().next_turn([], 1.0) == (None, float("inf"))


def test_the_console_goes_as_fast_as_it_likes() -> None:
    sent = drain(Pacer(UNLIMITED), [turn("", Chat.NONE, age=n) for n in range(1000)])
    assert sent[-1][0] == 0.0


def test_chats_of_long_ago_are_forgotten_and_recent_ones_are_not() -> None:
    pacer = Pacer()
    pacer.sent("old", Chat.CHANNEL, 0.0)
    pacer.told_to_wait("slow", 5, 0.0)
    pacer.sent("new", Chat.CHANNEL, 999.0)
    pacer.tidy(1000.0)
    assert list(pacer._chats) == ["new"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"),
            st.sampled_from([Chat.PRIVATE, Chat.CHANNEL]),
            st.integers(0, 2),
        ),
        max_size=80,
    ),
    st.floats(0.1, 50),
)
def test_any_crowd_is_served_in_order_and_within_every_limit(
    crowd: list[tuple[str, Chat, int]], start: float
) -> None:
    limits = Limits(per_second=4, gap=1.0, per_window=5, window=20.0, catch_up=0.25)
    waiting = [turn(f"{chat}{name}", chat, rank, n) for n, (name, chat, rank) in enumerate(crowd)]
    sent = drain(Pacer(limits), list(waiting), start)
    assert len(sent) == len(crowd)
    for address in {one.address for one in waiting}:
        mine = [(at, one.rank[1]) for at, one in sent if one.address == address]
        assert [age for _, age in mine] == sorted(age for _, age in mine)
        assert all(b - a >= 0.999 for (a, _), (b, _) in pairwise(mine))
        if "channel" in address:
            assert all(sum(a <= b < a + 20 for b, _ in mine) <= 5 for a, _ in mine)
    times = [at for at, _ in sent]
    assert all(sum(a <= b < a + 1 for b in times) <= 4 for a in times)
