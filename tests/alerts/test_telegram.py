"""The telegram courier against a Bot API server on loopback: what arrives, and what goes wrong."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from telegram import MessageEntity

from alerts.compose import compose
from alerts.couriers import (
    Ambiguous,
    BadMarks,
    ChatLost,
    MessageLost,
    Migrated,
    NotSent,
    Refused,
    TooLong,
    TopicGone,
    Trouble,
    Wait,
    WrongToken,
)
from alerts.couriers.telegram import TelegramCourier, Timeouts, chat_of, entities_of
from bot.demo.telegram_server import TOKEN, TelegramServer
from model.message import Button, Mark, Message, Style
from model.people import Chat, Subscriber
from tests.alerts.making import AT, DESK, PRIVATE, english, story

HELLO = Message("Hello")
QUICK = Timeouts(connect=2.0, read=0.5, total=2.0)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def courier(server: TelegramServer) -> AsyncIterator[TelegramCourier]:
    courier = TelegramCourier(TOKEN, api_url=server.url, timeouts=QUICK, part_gap=0.0)
    yield courier
    await courier.close()


@pytest.fixture
def desk(server: TelegramServer) -> Subscriber:
    room = server.channel("Desk", server.person("Ana"))
    return Subscriber(1, "telegram", str(room.id), chat=Chat.CHANNEL)


async def test_an_alert_arrives_with_its_entities_buttons_and_preview(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    sent = await courier.send(desk, compose(story(subscriber=desk), english()))
    [call] = server.calls("sendMessage")
    assert sent.message_ids == (call.answer["message_id"],)
    text = call.asked["text"].encode("utf-16-le")
    shown = {
        (entity["type"], text[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])])
        for entity in call.asked["entities"]
    }
    assert ("bold", "Salvador Cienfuegos Zepeda".encode("utf-16-le")) in shown
    assert ("date_time", "18 Nov 2020, 18:51 UTC".encode("utf-16-le")) in shown
    kinds = {kind for kind, _ in shown}
    assert kinds == {"bold", "italic", "text_link", "blockquote", "date_time"}
    [time] = [one for one in call.asked["entities"] if one["type"] == "date_time"]
    assert (time["unix_time"], time["date_time_format"]) == (int(AT.timestamp()), "r")
    assert call.asked["link_preview_options"]["prefer_small_media"] is True
    assert call.asked["reply_markup"]["inline_keyboard"][0][0]["text"] == "Open article"


@pytest.mark.parametrize("style", list(Style))
def test_every_mark_has_its_entity_in_utf_16_units(style: Style) -> None:
    message = Message(
        "👍 bold 👍", (Mark(style, 2, 6, "1605725460" if style is Style.TIME else "x"),)
    )
    [entity] = entities_of(message)
    assert (entity.offset, entity.length) == (3, 4)
    assert entity.type in MessageEntity.ALL_TYPES


async def test_a_topic_and_silence_are_asked_for(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    await courier.send(desk, replace(HELLO, silent=True))
    assert server.calls("sendMessage")[0].asked["disable_notification"] is True
    assert "message_thread_id" not in server.calls("sendMessage")[0].asked


async def test_a_long_message_goes_in_parts_that_are_edited_together(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    long = Message("\n\n".join(["word " * 100] * 20), (Mark(Style.BOLD, 0, 9000),))
    sent = await courier.send(desk, long)
    assert len(sent.message_ids) == len(server.calls("sendMessage")) == 3
    await courier.edit(desk, sent.message_ids, replace(long, text=long.text.upper()))
    assert len(server.calls("editMessageText")) == 3


async def test_an_equal_edit_is_fine_and_so_is_deleting_what_is_gone(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    sent = await courier.send(desk, HELLO)
    await courier.edit(desk, sent.message_ids, HELLO)
    assert server.refusals[-1][0] == "editMessageText"
    await courier.delete(desk, sent.message_ids)
    await courier.delete(desk, sent.message_ids)
    with pytest.raises(MessageLost):
        await courier.edit(desk, sent.message_ids, Message("Other"))


async def test_buttons_that_press_and_copy_are_carried(
    server: TelegramServer, courier: TelegramCourier
) -> None:
    ana = server.person("Ana")
    await ana.says("/start")
    buttons = ((Button("Not them", press="n1"), Button("Copy", copy="1:19-cr-00366")),)
    await courier.send(replace(PRIVATE, address=str(ana.id)), replace(HELLO, buttons=buttons))
    [row] = server.calls("sendMessage")[0].asked["reply_markup"]["inline_keyboard"]
    assert [(set(one) - {"text"}).pop() for one in row] == ["callback_data", "copy_text"]


FAULTS = [
    ("500", False, Ambiguous),
    ("502", False, Ambiguous),
    ("drop", True, Ambiguous),
    ("malformed", True, Ambiguous),
    ("html", True, Ambiguous),
    ("slow", True, Ambiguous),
    ("429", False, Wait),
    ("403", False, ChatLost),
]


@pytest.mark.parametrize(("kind", "accepted", "trouble"), FAULTS)
async def test_each_fault_has_its_trouble_and_the_token_is_in_none(
    server: TelegramServer,
    courier: TelegramCourier,
    desk: Subscriber,
    kind: str,
    accepted: bool,
    trouble: type[Trouble],
) -> None:
    server.fault(kind, seconds=7.0 if kind == "429" else 0.8)
    with pytest.raises(trouble) as caught:
        await courier.send(desk, HELLO)
    assert len(server.calls("sendMessage")) == accepted
    assert caught.value.arrived is (trouble is Ambiguous)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    if isinstance(caught.value, Wait):
        assert caught.value.seconds == 7


async def test_an_answer_that_drips_ends_at_the_total_time(
    server: TelegramServer, desk: Subscriber
) -> None:
    courier = TelegramCourier(TOKEN, api_url=server.url, timeouts=Timeouts(total=0.3))
    server.fault("slow", seconds=1.0)
    with pytest.raises(Ambiguous, match="broke"):
        await courier.send(desk, HELLO)
    await courier.close()


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        courier = TelegramCourier(TOKEN, api_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(NotSent) as caught:
            await courier.send(DESK, HELLO)
    assert not caught.value.arrived
    await courier.close()


async def test_a_wrong_token_is_said_to_be_wrong_and_never_shown(server: TelegramServer) -> None:
    courier = TelegramCourier("123:wrong", api_url=server.url)
    with pytest.raises(WrongToken) as caught:
        await courier.send(DESK, HELLO)
    assert "123:wrong" not in "".join(traceback.format_exception(caught.value))
    assert "123:wrong" not in repr(courier) + str(courier)
    await courier.close()


async def test_the_token_is_in_no_log_line(
    server: TelegramServer,
    courier: TelegramCourier,
    desk: Subscriber,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await courier.send(desk, HELLO)
    server.fault("html")
    with pytest.raises(Ambiguous):
        await courier.send(desk, HELLO)
    assert TOKEN not in caplog.text


async def test_a_chat_that_does_not_know_us_is_lost(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    ana = server.person("Ana")
    with pytest.raises(ChatLost, match="chat not found"):
        await courier.send(replace(desk, address="-100999"), HELLO)
    outside = server.channel("Other", ana, bot=False)
    with pytest.raises(ChatLost):
        await courier.send(replace(desk, address=str(outside.id)), HELLO)
    group = server.group("Forum", ana, is_forum=True)
    with pytest.raises(TopicGone):
        await courier.send(replace(desk, address=str(group.id), thread=99), HELLO)


async def test_a_group_that_became_a_supergroup_tells_its_new_address(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    ana = server.person("Ana")
    group = server.group("Team", ana, kind="group")
    moved = group.migrate(ana)
    with pytest.raises(Migrated) as caught:
        await courier.send(replace(desk, address=str(group.id)), HELLO)
    assert caught.value.address == str(moved.id)


async def test_marks_the_server_dislikes_are_told_apart_from_the_text(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    bad = Message("x", buttons=((Button("Open", url="nonsense"),),))
    with pytest.raises(BadMarks):
        await courier.send(desk, bad)
    with pytest.raises(Refused, match="empty"):
        await courier.send(desk, Message("  \n"))


async def test_a_part_that_arrived_puts_the_whole_in_doubt(
    server: TelegramServer, courier: TelegramCourier, desk: Subscriber
) -> None:
    long = Message("word " * 1000)

    async def lose_the_second() -> None:
        await server.until(lambda: server.calls("sendMessage") or None)
        server.fault("403")

    slow = TelegramCourier(TOKEN, api_url=server.url, part_gap=0.2)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(lose_the_second())
        with pytest.raises(ChatLost) as caught:
            await slow.send(desk, long)
    assert caught.value.arrived
    await slow.close()


async def test_a_server_that_counts_otherwise_gets_shorter_parts(desk: Subscriber) -> None:
    tried: list[int] = []

    class Strict(TelegramCourier):
        async def _send_part(self, subscriber: Subscriber, part: Message) -> int:
            tried.append(len(part.text))
            if len(part.text) > 2048:
                raise TooLong
            return len(tried)

    courier = Strict(TOKEN, part_gap=0.0)
    sent = await courier.send(desk, Message("word " * 800))
    assert sent.message_ids == (2, 3)
    await courier.close()


def test_a_chat_is_a_number_or_a_name() -> None:
    assert chat_of(replace(DESK, address="-1001")) == -1001
    assert chat_of(replace(DESK, address="@mxcourts")) == "@mxcourts"
