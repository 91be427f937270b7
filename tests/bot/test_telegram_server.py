"""The fake Telegram, asked by a real client: what it accepts, refuses and remembers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import telegram
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    MessageEntity,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.demo.botapi import checks, table
from bot.demo.telegram_server import TelegramServer, serve

SPEC = Path("data/telegram/bot_api_spec/api.json")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_605_725_460.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _seconds_as_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns at every 429 unless it may give durations instead of numbers."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(clock=clock) as running:
        yield running


def client(server: TelegramServer, token: str = "") -> Bot:
    return Bot(
        token or server.token,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
    )


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with client(server) as real:
        yield real


# --- what is said ------------------------------------------------------------------------------


async def test_a_message_arrives_with_its_entities_and_buttons(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    marks = [MessageEntity("bold", 0, 5)]
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Open", url="https://example.org")]])
    sent = await bot.send_message(ana.id, "Hello there", entities=marks, reply_markup=keyboard)
    shown = await ana.hears("Hello there")
    assert shown["message_id"] == sent.message_id
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert ana.private.buttons() == ["Open"]
    assert [call.method for call in server.log] == ["getMe", "sendMessage"]


async def test_lengths_are_counted_in_utf16_units(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    await bot.send_message(ana.id, "🔎" * 2048)
    with pytest.raises(BadRequest, match=r"(?i)message is too long"):
        await bot.send_message(ana.id, "🔎" * 2049)


@pytest.mark.parametrize(
    "mark",
    [
        MessageEntity("bold", 3, 5),
        MessageEntity("bold", 1, 1),
        MessageEntity("text_link", 0, 4),
        MessageEntity("text_link", 0, 4, url="javascript:alert(1)"),
        MessageEntity("sparkling", 0, 4),
        MessageEntity("date_time", 0, 4, unix_time=datetime(2096, 10, 2, tzinfo=UTC)),
    ],
)
async def test_an_entity_that_does_not_fit_is_refused(
    server: TelegramServer, bot: Bot, mark: MessageEntity
) -> None:
    ana = server.person("Ana")
    with pytest.raises(BadRequest):
        await bot.send_message(ana.id, "🔎ok", entities=[mark])
    assert server.calls("sendMessage") == []


async def test_more_than_a_hundred_entities_are_refused(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    marks = [MessageEntity("bold", place * 2, 1) for place in range(101)]
    await bot.send_message(ana.id, "a " * 101 + "end", entities=marks[:100])
    with pytest.raises(BadRequest, match="101 entities"):
        await bot.send_message(ana.id, "a " * 101 + "end", entities=marks)


async def test_broken_html_is_refused_and_good_html_is_read(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities"):
        await bot.send_message(ana.id, "a <b>bold move", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)Unsupported start tag"):
        await bot.send_message(ana.id, "a <marquee>", parse_mode="HTML")
    await bot.send_message(ana.id, "1 &lt; <b>two</b>", parse_mode="HTML")
    shown = await ana.hears("1 < two")
    assert shown["entities"] == [{"type": "bold", "offset": 4, "length": 3}]


async def test_white_space_at_the_ends_is_cut_and_entities_move_along(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    await bot.send_message(ana.id, "  name \n", entities=[MessageEntity("bold", 2, 5)])
    shown = await ana.hears("name")
    assert shown["text"] == "name"
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    with pytest.raises(BadRequest, match=r"(?i)text is empty"):
        await bot.send_message(ana.id, " \n ")


async def test_a_parameter_nobody_knows_is_refused(server: TelegramServer) -> None:
    ana = server.person("Ana")
    asked = {"chat_id": ana.id, "text": "hi", "tetx": "oops"}
    url = f"{server.url}/bot{server.token}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(url, json=asked) as got:
        told = await got.json()
    assert (got.status, told["ok"]) == (400, False)
    assert "tetx" in told["description"]


async def test_a_wrong_type_inside_a_keyboard_is_refused(server: TelegramServer) -> None:
    ana = server.person("Ana")
    keyboard = {"inline_keyboard": [[{"text": "Open", "callback_data": 7}]]}
    asked = {"chat_id": ana.id, "text": "hi", "reply_markup": keyboard}
    url = f"{server.url}/bot{server.token}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(url, json=asked) as got:
        told = await got.json()
    assert got.status == 400
    assert "reply_markup" in told["description"]


@pytest.mark.parametrize(
    "rows",
    [
        [[InlineKeyboardButton("Press", callback_data="é" * 33)]],
        [[InlineKeyboardButton(" ", callback_data="x")]],
        [[InlineKeyboardButton("Open", url="not an address")]],
        [[InlineKeyboardButton("Neither")]],
        [[InlineKeyboardButton(str(n), callback_data="x") for n in range(9)]],
        [[InlineKeyboardButton(str(n), callback_data="x")] for n in range(101)],
    ],
)
async def test_a_keyboard_telegram_would_refuse_is_refused(
    server: TelegramServer, bot: Bot, rows: list[list[InlineKeyboardButton]]
) -> None:
    ana = server.person("Ana")
    with pytest.raises(BadRequest):
        await bot.send_message(ana.id, "hi", reply_markup=InlineKeyboardMarkup(rows))


async def test_an_edit_that_changes_nothing_is_refused(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    sent = await bot.send_message(ana.id, "first")
    await bot.edit_message_text("second", ana.id, sent.message_id)
    assert ana.private.texts == ["second"]
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("second", ana.id, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("third", ana.id, 99)


async def test_an_edit_without_a_keyboard_takes_the_keyboard_away(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Undo", callback_data="x")]])
    sent = await bot.send_message(ana.id, "done", reply_markup=keyboard)
    await bot.edit_message_text("done and over", ana.id, sent.message_id)
    assert ana.private.buttons() == []


async def test_what_a_person_wrote_cannot_be_edited(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    said = await ana.says("mine")
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await bot.edit_message_text("yours", ana.id, said["message_id"])


async def test_a_message_is_deleted_once_and_only_while_it_is_young(
    server: TelegramServer, bot: Bot, clock: Clock
) -> None:
    ana = server.person("Ana")
    sent = await bot.send_message(ana.id, "going")
    assert await bot.delete_message(ana.id, sent.message_id)
    assert ana.private.texts == []
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(ana.id, sent.message_id)
    old = await bot.send_message(ana.id, "staying")
    clock.now += 49 * 3600
    with pytest.raises(BadRequest, match=r"(?i)can't be deleted"):
        await bot.delete_message(ana.id, old.message_id)


async def test_forwards_name_their_origin_and_copies_do_not(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    channel = server.channel("Court news", ana)
    posted = await bot.send_message(channel.id, "An order")
    forwarded = await bot.forward_message(ana.id, channel.id, posted.message_id)
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginChannel)
    assert forwarded.text == "An order"
    await bot.copy_message(ana.id, channel.id, posted.message_id)
    assert "forward_origin" not in ana.private.messages[-1]
    with pytest.raises(BadRequest, match=r"(?i)message to forward not found"):
        await bot.forward_message(ana.id, channel.id, 77)


async def test_a_reply_needs_its_message_unless_it_may_go_without(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(ana.id, "re", reply_to_message_id=50)
    await bot.send_message(ana.id, "re", reply_to_message_id=50, allow_sending_without_reply=True)
    said = await ana.says("question")
    answer = await bot.send_message(ana.id, "answer", reply_to_message_id=said["message_id"])
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "question"


async def test_files_go_both_ways(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    sent = await bot.send_document(ana.id, b"<opml/>", filename="feeds.opml", caption="Sources")
    assert sent.document is not None
    assert sent.document.file_name == "feeds.opml"
    received = await ana.sends_file("names.csv", b"Ana Lia")
    file = await bot.get_file(received["document"]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"Ana Lia"
    with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
        await bot.get_file("nothing")


def png(width: int, height: int) -> bytes:
    """Return the head of a PNG of this size: the fake looks at no more."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)


async def test_a_photo_is_held_to_its_limits(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    sent = await bot.send_photo(ana.id, png(800, 1000), caption="First page")
    assert [(one.width, one.height) for one in sent.photo] == [(800, 1000)]
    assert sent.caption == "First page"
    again = await bot.send_photo(ana.id, sent.photo[-1].file_id)
    assert again.photo[-1].width == 800
    for data, why in ((png(9000, 2000), "DIMENSIONS"), (png(2100, 100), "DIMENSIONS")):
        with pytest.raises(BadRequest, match=rf"(?i){why}"):
            await bot.send_photo(ana.id, data)
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(ana.id, b"%PDF-1.7 is no picture")
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(ana.id, png(8, 10), caption="x" * 1025)
    page = await _get(f"{server.url}/?person=Ana")
    assert "<img width=320" in page


async def _get(url: str) -> str:
    async with aiohttp.ClientSession() as web, web.get(url) as answer:
        return await answer.text()


# --- where the bot may speak -------------------------------------------------------------------


async def test_a_chat_nobody_opened_is_not_found(server: TelegramServer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(987, "hi")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message("@nowhere", "hi")


async def test_a_channel_is_reached_by_number_and_by_name(server: TelegramServer, bot: Bot) -> None:
    channel = server.channel("Court news", server.person("Ana"), username="mxcourts")
    await bot.send_message(channel.id, "one")
    await bot.send_message("@MxCourts", "two")
    assert channel.texts == ["one", "two"]


async def test_without_rights_a_channel_refuses_the_bot(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    channel = server.channel("Court news", ana, bot=False)
    with pytest.raises(Forbidden, match=r"(?i)not a member of the channel"):
        await bot.send_message(channel.id, "hi")
    channel.admit_bot(ana, "can_edit_messages")
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.send_message(channel.id, "hi")
    channel.remove_bot(ana)
    with pytest.raises(Forbidden, match=r"(?i)kicked from the channel"):
        await bot.send_message(channel.id, "hi")
    channel.admit_bot(ana)
    await bot.send_message(channel.id, "back")
    await channel.shows("back")


async def test_who_blocks_the_bot_is_not_reached_until_unblocking(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    ana.blocks_bot()
    with pytest.raises(Forbidden, match=r"(?i)blocked by the user"):
        await bot.send_message(ana.id, "hi")
    ana.blocks_bot(False)
    await bot.send_message(ana.id, "hi")


async def test_a_group_that_migrates_tells_its_new_number(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    group = server.group("Desk", ana, kind="group")
    await bot.send_message(group.id, "before")
    new = group.migrate(ana)
    with pytest.raises(ChatMigrated) as told:
        await bot.send_message(group.id, "after")
    assert told.value.new_chat_id == new.id
    await bot.send_message(new.id, "after")
    updates = await bot.get_updates()
    assert [one.message.migrate_to_chat_id for one in updates if one.message] == [new.id, None]


async def test_topics_must_exist_and_be_open(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    forum = server.group("Desk", ana, is_forum=True)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to create a topic"):
        await bot.create_forum_topic(forum.id, "Cases")
    forum.admit_bot(ana, "can_manage_topics")
    topic = await bot.create_forum_topic(forum.id, "Cases")
    sent = await bot.send_message(forum.id, "hi", message_thread_id=topic.message_thread_id)
    assert sent.message_thread_id == topic.message_thread_id
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(forum.id, "hi", message_thread_id=999)
    await bot.close_forum_topic(forum.id, topic.message_thread_id)
    forum.admit_bot(ana)
    with pytest.raises(BadRequest, match=r"(?i)TOPIC_CLOSED"):
        await bot.send_message(forum.id, "hi", message_thread_id=topic.message_thread_id)


async def test_members_are_told_as_they_sit(server: TelegramServer, bot: Bot) -> None:
    ana, ben = server.person("Ana"), server.person("Ben")
    channel = server.channel("Court news", ana)
    channel.join(ben)
    assert (await bot.get_chat_member(channel.id, ana.id)).status == "creator"
    assert (await bot.get_chat_member(channel.id, ben.id)).status == "member"
    me = await bot.get_chat_member(channel.id, bot.id)
    assert isinstance(me, telegram.ChatMemberAdministrator)
    assert me.can_post_messages
    assert await bot.get_chat_member_count(channel.id) == 3
    assert (await bot.get_chat(channel.id)).title == "Court news"
    channel.remove_bot(ana, "restricted")
    with pytest.raises(BadRequest, match=r"(?i)member list is inaccessible"):
        await bot.get_chat_member(channel.id, ana.id)


async def test_the_bot_can_leave(server: TelegramServer, bot: Bot) -> None:
    group = server.group("Desk", server.person("Ana"))
    assert await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match=r"(?i)not a member"):
        await bot.send_message(group.id, "still here?")


# --- what people do ----------------------------------------------------------------------------


async def test_commands_arrive_as_commands(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    await ana.says("/watch Ángel Lía")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.entities[0].type == "bot_command"
    assert update.message.parse_entity(update.message.entities[0]) == "/watch"


async def test_updates_stay_until_the_offset_passes_them(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    for text in ("one", "two", "three"):
        await ana.says(text)
    first = await bot.get_updates(limit=2)
    assert [one.message.text for one in first if one.message] == ["one", "two"]
    assert await bot.get_updates(limit=2) == first
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [one.message.text for one in rest if one.message] == ["three"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()


async def test_a_long_poll_returns_when_something_is_said(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)
    await ana.says("now")
    [update] = await asyncio.wait_for(waiting, 60)
    assert update.message is not None
    assert update.message.text == "now"


async def test_two_pollers_meet_a_conflict(server: TelegramServer, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await server.until(lambda: server.updates._turn == 1)
    async with client(server) as other:
        assert await other.get_updates() == ()
    with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates"):
        await waiting


async def test_only_wanted_kinds_of_updates_are_kept(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    await bot.get_updates(allowed_updates=["callback_query"])
    await ana.says("unwanted")
    assert await bot.get_updates(allowed_updates=Update.ALL_TYPES) == ()
    await ana.says("wanted")
    assert len(await bot.get_updates()) == 1


async def test_a_pressed_button_is_answered_once_and_soon(
    server: TelegramServer, bot: Bot, clock: Clock
) -> None:
    ana = server.person("Ana")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Not them", callback_data="b1")]])
    await bot.send_message(ana.id, "An alert", reply_markup=keyboard)
    press = await ana.presses("Not them")
    [update] = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "b1"
    await update.callback_query.answer("Thanks")
    assert await press.answer() == "Thanks"
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await update.callback_query.answer("Again")
    late = await ana.presses("Not them")
    clock.now += 3600
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(
            next(key for key, one in server.sending.presses.items() if one is late.press)
        )


async def test_choosing_a_channel_grants_the_rights_that_were_asked_for(
    server: TelegramServer, bot: Bot
) -> None:
    ana = server.person("Ana")
    channel = server.channel("Court news", ana, username="mxcourts", bot=False)
    await bot.send_message(ana.id, "Which?", reply_markup=_asking_for_a_channel())
    await ana.chooses(channel)
    promoted, chosen = await bot.get_updates()
    assert promoted.my_chat_member is not None
    assert promoted.my_chat_member.new_chat_member.status == "administrator"
    assert chosen.message is not None
    assert chosen.message.chat_shared is not None
    assert chosen.message.chat_shared.chat_id == channel.id
    assert chosen.message.chat_shared.title == "Court news"
    await bot.send_message(channel.id, "test")


async def test_somebody_without_rights_cannot_choose_a_channel(
    server: TelegramServer, bot: Bot
) -> None:
    ana, ben = server.person("Ana"), server.person("Ben")
    channel = server.channel("Court news", ana, bot=False)
    await bot.send_message(ben.id, "Which?", reply_markup=_asking_for_a_channel())
    with pytest.raises(Exception, match=r"(?i)may not choose"):
        await ben.chooses(channel)


async def test_a_request_button_is_refused_outside_private_chats(
    server: TelegramServer, bot: Bot
) -> None:
    group = server.group("Desk", server.person("Ana"))
    with pytest.raises(BadRequest, match=r"(?i)private chats only"):
        await bot.send_message(group.id, "Which?", reply_markup=_asking_for_a_channel())


def _asking_for_a_channel() -> ReplyKeyboardMarkup:
    every = telegram.ChatAdministratorRights.no_rights().to_dict()
    wanted = {"can_manage_chat": True, "can_post_messages": True}
    given = telegram.ChatAdministratorRights(**(every | wanted))
    wish = KeyboardButtonRequestChat(
        1,
        chat_is_channel=True,
        user_administrator_rights=given,
        bot_administrator_rights=given,
        request_title=True,
    )
    return ReplyKeyboardMarkup([[KeyboardButton("Choose a channel", request_chat=wish)]])


async def test_a_deep_link_button_starts_the_bot(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    link = InlineKeyboardButton("Timeline", url="https://t.me/vigilbot?start=t_12")
    await bot.send_message(ana.id, "An alert", reply_markup=InlineKeyboardMarkup([[link]]))
    await ana.presses("Timeline")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "/start t_12"


async def test_the_menu_and_profile_are_checked(server: TelegramServer, bot: Bot) -> None:
    await bot.set_my_commands([("watch", "Follow a person")], language_code="en")
    assert [one.command for one in await bot.get_my_commands(language_code="en")] == ["watch"]
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("Watch", "Follow a person")])
    with pytest.raises(BadRequest, match=r"(?i)short_description"):
        await bot.set_my_short_description("x" * 121)
    await bot.set_my_description("What it does")
    assert server.asking.profile["description", ""] == "What it does"


async def test_a_webhook_gets_updates_in_order_until_it_takes_them(
    server: TelegramServer, bot: Bot
) -> None:
    seen: list[tuple[str, str]] = []

    async def take(request: aiohttp.web.Request) -> aiohttp.web.Response:
        body = await request.json()
        secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
        seen.append((body["message"]["text"], secret))
        server.world.pulse.beat()
        return aiohttp.web.Response(status=503 if len(seen) == 1 else 200)

    app = aiohttp.web.Application()
    app.add_routes([aiohttp.web.post("/hook", take)])
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        port = runner.addresses[0][1]
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s3cret")
        with pytest.raises(Conflict, match=r"(?i)webhook is active"):
            await bot.get_updates()
        ana = server.person("Ana")
        await ana.says("one")
        await ana.says("two")
        await server.until(lambda: not server.updates.pending)
        assert seen == [("one", "s3cret"), ("one", "s3cret"), ("two", "s3cret")]
        await bot.delete_webhook()
        assert await bot.get_updates() == ()
    finally:
        await runner.cleanup()


# --- limits and faults -------------------------------------------------------------------------


async def _send_until_refused(bot: Bot, chat_ids: list[int]) -> tuple[int, int]:
    """How many went through, and the seconds we were then asked to wait."""
    for sent, chat_id in enumerate(chat_ids):
        try:
            await bot.send_message(chat_id, f"message {sent}")
        except RetryAfter as told:
            return sent, int(told._retry_after.total_seconds())
    return len(chat_ids), 0


async def test_a_chat_takes_a_small_burst_and_then_one_a_second(
    server: TelegramServer, bot: Bot, clock: Clock
) -> None:
    server.limits.on = True
    ana = server.person("Ana")
    assert await _send_until_refused(bot, [ana.id] * 10) == (3, 5)
    clock.now += 4
    assert (await _send_until_refused(bot, [ana.id]))[0] == 0
    clock.now += 2
    assert (await _send_until_refused(bot, [ana.id] * 10))[0] == 3


async def test_a_group_takes_twenty_a_minute(
    server: TelegramServer, bot: Bot, clock: Clock
) -> None:
    server.limits.on = True
    channel = server.channel("Court news", server.person("Ana"))
    for number in range(20):
        await bot.send_message(channel.id, f"message {number}")
        clock.now += 1
    sent, wait = await _send_until_refused(bot, [channel.id])
    assert (sent, wait) == (0, 40)


async def test_all_chats_together_take_thirty_a_second(server: TelegramServer, bot: Bot) -> None:
    server.limits.on = True
    chats = [server.person(f"Person {number}").id for number in range(31)]
    assert (await _send_until_refused(bot, chats))[0] == 30


async def test_one_chat_in_a_flood_wait_holds_up_no_other(server: TelegramServer, bot: Bot) -> None:
    server.limits.on = True
    ana, ben = server.person("Ana"), server.person("Ben")
    await _send_until_refused(bot, [ana.id] * 10)
    await bot.send_message(ben.id, "still")


@pytest.mark.parametrize(
    ("kind", "error", "arrives"),
    [
        ("500", NetworkError, False),
        ("502", NetworkError, False),
        ("429", RetryAfter, False),
        ("403", Forbidden, False),
        ("drop", NetworkError, True),
        ("malformed", Exception, True),
        ("html", TelegramError, True),
    ],
)
async def test_each_fault_spoils_one_call(
    server: TelegramServer, bot: Bot, kind: str, error: type[Exception], arrives: bool
) -> None:
    ana = server.person("Ana")
    server.fault(kind, method="sendMessage")
    with pytest.raises(error):
        await bot.send_message(ana.id, "spoilt")
    assert ("spoilt" in ana.private.texts) == arrives
    await bot.send_message(ana.id, "well")


async def test_a_slow_answer_outlasts_an_impatient_client(server: TelegramServer, bot: Bot) -> None:
    ana = server.person("Ana")
    server.fault("slow", seconds=0.3)
    with pytest.raises(TimedOut):
        await bot.send_message(ana.id, "slowly", read_timeout=0.05)
    assert ana.private.texts == ["slowly"]


async def test_a_fault_waits_for_its_chat_and_counts_its_times(
    server: TelegramServer, bot: Bot
) -> None:
    ana, ben = server.person("Ana"), server.person("Ben")
    server.fault("500", chat=ben.id, times=2)
    await bot.send_message(ana.id, "hi")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(ben.id, "hi")
    await bot.send_message(ben.id, "hi")


async def test_a_wrong_token_is_unauthorised(server: TelegramServer) -> None:
    with pytest.raises(InvalidToken):
        async with client(server, "110201543:another-token-altogether-000000000"):
            pass


# --- held to Telegram's own description --------------------------------------------------------


def test_our_table_says_what_the_description_says(shared: Path) -> None:
    ours, theirs = table.own(), table.from_file(shared / SPEC)
    for name, fields in (ours.methods | ours.types).items():
        told = {one.name: one for one in (theirs.methods | theirs.types)[name]}
        for field in fields:
            assert field == told[field.name], f"{name}.{field.name}"
        required = {one.name for one in told.values() if one.required}
        assert required <= {one.name for one in fields}, name
    for name, kinds in ours.unions.items():
        assert set(kinds) == set(theirs.unions[name])


def test_every_method_in_our_table_is_played() -> None:
    assert set(table.METHODS) == set(TelegramServer()._methods) | {"getUpdates"}


async def test_what_the_server_says_is_what_the_description_allows(shared: Path) -> None:
    description = table.from_file(shared / SPEC)
    async with TelegramServer(description=shared / SPEC) as server, client(server) as bot:
        ana = server.person("Ana", username="ana")
        channel = server.channel("Court news", ana, bot=False)
        await bot.send_message(ana.id, "Which?", reply_markup=_asking_for_a_channel())
        await ana.says("/start claim_7F3K92QD https://example.org")
        await ana.sends_file("names.csv", b"Ana")
        await ana.chooses(channel)
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Press", callback_data="b")]])
        await bot.send_message(ana.id, "press", reply_markup=keyboard)
        await ana.presses("Press")
        group = server.group("Desk", ana, kind="group")
        await ana.says("in a group", group)
        group.migrate(ana)
        await ana.says("in a channel", channel)
        assert len(server.updates.pending) == 9
        for update in server.updates.pending:
            assert checks.misfit(description, "Update", update, "update") == ""
        for shown in ana.private.chat.messages.values():
            assert checks.misfit(description, "Message", shown, "message") == ""
        for person, status in ((ana, "restricted"), (server.person("Ben"), "kicked")):
            channel.join(person, status)
            raw = await bot.get_chat_member(channel.id, person.id)
            assert raw.status == status


async def test_a_method_outside_the_description_is_not_found(server: TelegramServer) -> None:
    url = f"{server.url}/bot{server.token}/sendSong"
    async with aiohttp.ClientSession() as session, session.post(url) as got:
        assert got.status == 404


# --- from another process ----------------------------------------------------------------------


async def test_another_process_can_speak_press_and_look(server: TelegramServer, bot: Bot) -> None:
    async with aiohttp.ClientSession(base_url=server.url) as session:
        says = {"person": "Ana", "text": "/start"}
        async with session.post("/fake/says", json=says) as got:
            assert (await got.json())["text"] == "/start"
        ana = server.person("Ana")
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Begin", callback_data="b")]])
        await bot.send_message(ana.id, "Welcome", reply_markup=keyboard)
        presses = {"person": "Ana", "label": "Begin"}
        async with session.post("/fake/presses", json=presses) as got:
            assert (await got.json()) == {"label": "Begin"}
        async with session.get(f"/fake/chats/{ana.id}?holds=Welcome&wait=5") as got:
            assert [one.get("text") for one in (await got.json())["messages"]] == [
                "/start",
                "Welcome",
            ]
        async with session.get("/fake/chats/Ana?holds=Goodbye") as got:
            assert got.status == 408
        async with session.get("/fake/log") as got:
            assert [one["method"] for one in await got.json()] == ["getMe", "sendMessage"]
    assert [one.callback_query is None for one in await bot.get_updates()] == [True, False]


async def test_another_process_can_make_chats_and_faults(server: TelegramServer, bot: Bot) -> None:
    async with aiohttp.ClientSession(base_url=server.url) as session:
        wish = {"person": "Ana", "title": "Court news", "username": "mxcourts"}
        async with session.post("/fake/chat", json=wish) as got:
            chat = await got.json()
        await bot.send_message("@mxcourts", "hi")
        async with session.post("/fake/fault", json={"kind": "500"}) as got:
            assert (await got.json()) == {"waiting": 1}
        with pytest.raises(NetworkError):
            await bot.send_message(chat["id"], "hi")
        out = {"person": "Ana", "chat": "@mxcourts", "status": "kicked"}
        async with session.post("/fake/bot", json=out):
            pass
        with pytest.raises(Forbidden):
            await bot.send_message(chat["id"], "hi")
        async with session.post("/fake/fault", json={"kind": "earthquake"}) as got:
            assert got.status == 400
            assert "earthquake" in (await got.json())["description"]


async def test_the_page_shows_chats_and_takes_what_is_typed(
    server: TelegramServer, bot: Bot
) -> None:
    async with aiohttp.ClientSession(base_url=server.url) as session:
        async with session.post("/says", data={"person": "Ana", "text": "<b>hi</b>"}) as got:
            page = await got.text()
        assert "&lt;b&gt;hi&lt;/b&gt;" in page
        [update] = await bot.get_updates()
        assert update.message is not None
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Press me", callback_data="b")]])
        await bot.send_message(update.message.chat_id, "Welcome", reply_markup=keyboard)
        async with session.get("/?person=Ana") as got:
            page = await got.text()
        assert "Welcome" in page
        assert "Press me" in page


async def test_serve_listens_logs_and_stops(tmp_path: Path) -> None:
    stop = asyncio.Event()
    log = tmp_path / "calls.jsonl"
    said: list[str] = []

    async def started(server: TelegramServer) -> None:
        async with client(server) as bot:
            await bot.send_message(server.person("Ana").id, "hola, Ángel")
        said.append(server.url)
        stop.set()

    await serve(0, log_file=log, stop=stop, started=started)
    assert said[0].startswith("http://127.0.0.1:")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [line["method"] for line in lines] == ["getMe", "sendMessage"]
    assert lines[1]["asked"]["text"] == "hola, Ángel"
