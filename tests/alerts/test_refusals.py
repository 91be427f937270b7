"""Every answer of a Bot API server means one thing for a message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.couriers import (
    Ambiguous,
    BadMarks,
    ChatLost,
    MessageLost,
    Migrated,
    NotModified,
    NotSent,
    Refused,
    TooLong,
    TopicGone,
    Trouble,
    Wait,
    WrongToken,
)
from alerts.couriers.refusals import LONGEST, UNSAID, trouble_in


def refusal(code: int, description: str, **parameters: object) -> Trouble | None:
    body = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return trouble_in(code, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("code", "description", "kind"),
    [
        (400, "Bad Request: can't parse entities: Unsupported start tag", BadMarks),
        (400, "Bad Request: BUTTON_URL_INVALID", BadMarks),
        (400, "Bad Request: inline keyboard button URL 'http://x' is invalid", BadMarks),
        (400, "Bad Request: message is too long", TooLong),
        (400, "Bad Request: message is not modified: specified new message content", NotModified),
        (400, "Bad Request: message thread not found", TopicGone),
        (400, "Bad Request: TOPIC_CLOSED", TopicGone),
        (400, "Bad Request: chat not found", ChatLost),
        (400, "Bad Request: not enough rights to send text messages to the chat", ChatLost),
        (400, "Bad Request: need administrator rights in the channel chat", ChatLost),
        (400, "Bad Request: message to edit not found", MessageLost),
        (400, "Bad Request: message can't be edited", MessageLost),
        (400, "Bad Request: something nobody has heard of", Refused),
        (413, "Request Entity Too Large", Refused),
        (401, "Unauthorized", WrongToken),
        (404, "Not Found", WrongToken),
        (403, "Forbidden: bot was kicked from the channel chat", ChatLost),
        (403, "Forbidden: bot is not a member of the channel chat", ChatLost),
        (403, "Forbidden: bot was blocked by the user", ChatLost),
        (500, "Internal Server Error", Ambiguous),
        (502, "Bad Gateway", Ambiguous),
        (302, "Found", NotSent),
    ],
)
def test_what_the_server_says_has_one_meaning(
    code: int, description: str, kind: type[Trouble]
) -> None:
    assert type(refusal(code, description)) is kind


def test_the_reader_is_told_the_servers_own_words() -> None:
    assert str(refusal(403, "Forbidden: bot was kicked from the channel chat")) == (
        "bot was kicked from the channel chat"
    )


def test_a_wait_is_as_long_as_told_and_a_guess_when_not_told() -> None:
    told = refusal(429, "Too Many Requests: retry after 7", retry_after=7)
    assert isinstance(told, Wait)
    assert told.seconds == 7
    for untold in (
        refusal(429, "Too Many Requests"),
        trouble_in(429, b"<html>slow down</html>"),
        refusal(429, "?", retry_after="soon"),
    ):
        assert isinstance(untold, Wait)
        assert untold.seconds == UNSAID


@pytest.mark.parametrize("said", [10**12, 10**400, 1e400])
def test_no_wait_is_too_long_to_reckon_with(said: float) -> None:
    told = refusal(429, "Too Many Requests", retry_after=said)
    assert isinstance(told, Wait)
    assert told.seconds == LONGEST


@pytest.mark.parametrize("code", [400, 403, 407, 413])
@pytest.mark.parametrize("body", [b"<html>Forbidden</html>", b"", b'{"error":"blocked"}'])
def test_what_a_proxy_refuses_loses_no_chat_and_no_message(code: int, body: bytes) -> None:
    assert isinstance(trouble_in(code, body), NotSent)


def test_a_group_that_moved_says_where_to() -> None:
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1005)
    assert isinstance(moved, Migrated)
    assert moved.address == "-1005"


@pytest.mark.parametrize(
    "body",
    [
        b'{"ok":tru',
        b"<html>502</html>",
        b"",
        b"[]",
        b"null",
        b'{"result":1}',
        b'{"ok":true}',
        b"\xff",
    ],
)
def test_half_an_answer_with_a_200_may_mean_that_it_was_taken(body: bytes) -> None:
    trouble = trouble_in(200, body)
    assert isinstance(trouble, Ambiguous)
    assert trouble.arrived


def test_a_refusal_dressed_as_a_success_is_a_refusal() -> None:
    body = {"ok": False, "error_code": 403, "description": "Forbidden: bot was kicked"}
    assert isinstance(trouble_in(200, json.dumps(body).encode()), ChatLost)


def test_a_good_answer_is_no_trouble() -> None:
    assert trouble_in(200, b'{"ok":true,"result":{"message_id":1}}') is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["ok", "result", "description", "parameters", "error_code", "retry_after"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.integers(100, 599), JSON.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_no_answer_is_beyond_understanding(code: int, body: bytes) -> None:
    trouble = trouble_in(code, body)
    assert trouble is None or str(trouble)
