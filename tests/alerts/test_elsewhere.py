"""What is delivered through Apprise: plain text, once, and what its failures mean."""

from __future__ import annotations

import json

import pytest
from aiohttp import web

from alerts.couriers import Ambiguous, ChatLost, Refused, Wait
from alerts.couriers.elsewhere import ElsewhereCourier, plain_form
from model.errors import ConfigError
from model.message import Button, Message, Style, joined, marked
from model.people import Subscriber
from tests.fakes import RawWeb, Web, free_port

MAIL = Subscriber(7, "apprise", "mail")
STORY = Message("Salvador Cienfuegos Zepeda\nA headline")


def test_a_message_is_a_title_and_a_text_with_its_links_written_out():
    message = joined(
        [
            "🔴 Salvador Cienfuegos Zepeda",
            marked("Backroom deal", Style.LINK, "https://a.example/1"),
            "InSight Crime",
            marked("https://b.example/2", Style.LINK, "https://b.example/2"),
        ],
        "\n",
    )
    message = Message(
        message.text,
        message.marks,
        ((Button("Open", url="https://a.example/1"), Button("PDF", url="https://a.example/3")),),
        preview="https://a.example/1",
    )
    assert plain_form(message) == (
        "🔴 Salvador Cienfuegos Zepeda",
        "\n".join(
            [
                "Backroom deal (https://a.example/1)",
                "InSight Crime",
                "https://b.example/2",
                "https://a.example/3",
            ]
        ),
    )


def test_a_message_of_one_line_is_its_own_text_and_a_long_line_is_cut_in_the_title_alone():
    assert plain_form(Message("All is well")) == ("All is well", "All is well")
    title, body = plain_form(Message("x" * 500))
    assert (len(title), title[-1]) == (200, "…")
    assert body == "x" * 500


async def sent_to(server: Web, path: str = "/hook", **more: float) -> ElsewhereCourier:
    return ElsewhereCourier({"mail": f"json://127.0.0.1:{server.port}{path}"}, **more)


async def test_an_alert_arrives_at_a_service_on_the_web():
    came: list[dict[str, str]] = []

    async def hook(request: web.Request) -> web.Response:
        came.append(json.loads(await request.text()))
        return web.Response()

    async with Web() as server:
        server.program("/hook", hook)
        courier = await sent_to(server)
        assert (await courier.send(MAIL, STORY)).message_ids == ()
        await courier.edit(MAIL, (), STORY)
        await courier.delete(MAIL, ())
    assert [(one["title"], one["message"]) for one in came] == [
        ("Salvador Cienfuegos Zepeda", "A headline")
    ]


@pytest.mark.parametrize(
    ("status", "trouble", "arrived"),
    [
        (404, ChatLost, False),
        (401, ChatLost, False),
        (413, Refused, False),
        (429, Wait, False),
        (500, Ambiguous, True),
    ],
)
async def test_what_a_service_answers_says_what_became_of_the_message(status, trouble, arrived):
    async with Web() as server:
        server.page("/hook", "no", status=status)
        courier = await sent_to(server)
        with pytest.raises(trouble) as raised:
            await courier.send(MAIL, STORY)
    assert raised.value.arrived is arrived
    assert "127.0.0.1" not in str(raised.value)


async def test_a_service_that_cannot_be_reached_is_tried_again_ever_more_seldom():
    courier = ElsewhereCourier({"mail": f"json://127.0.0.1:{free_port()}/hook"})
    waits = []
    for _ in range(7):
        with pytest.raises(Wait) as raised:
            await courier.send(MAIL, STORY)
        waits.append(raised.value.seconds)
    assert waits == [30, 60, 120, 240, 480, 900, 900]


@pytest.mark.parametrize("headline", ["Connection refused", "https://a.example/?error=404"])
async def test_what_a_message_says_is_not_taken_for_a_services_answer(headline):
    async with RawWeb(b"") as broken:
        courier = ElsewhereCourier({"mail": f"json://127.0.0.1:{broken.port}/"})
        with pytest.raises(Ambiguous):
            await courier.send(MAIL, Message(f"Salvador Cienfuegos Zepeda\n{headline}"))


async def test_a_service_that_does_not_answer_leaves_it_in_doubt():
    async with RawWeb(b"", hang=True) as silent:
        address = f"json://127.0.0.1:{silent.port}/hook?rto=20"
        courier = ElsewhereCourier({"mail": address}, patience=0.3)
        with pytest.raises(Ambiguous):
            await courier.send(MAIL, STORY)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("tgram://123456789:abcdefg_hijklmnop-123456789abcdefgh/12315544/", "by `chat`"),
        ("nonsense://x", "no address that Apprise knows"),
        ("json://a.example json://b.example", "no address that Apprise knows"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_sentence_that_does_not_hold_it(url, said):
    with pytest.raises(ConfigError, match=said) as raised:
        ElsewhereCourier({"mail": url})
    assert '"mail"' in str(raised.value)
    assert url not in str(raised.value)


async def test_a_channel_that_config_toml_lists_no_more_is_lost():
    with pytest.raises(ChatLost):
        await ElsewhereCourier({}).send(MAIL, STORY)
