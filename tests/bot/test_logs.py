"""Log lines: one form, no secrets, tracebacks included."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs, redact

TOKEN = "1234567890:AAFakeFakeFakeFakeFakeFakeFakeFake-_x"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def test_a_line_is_json_with_event_level_and_time():
    out = io.StringIO()
    logs.configure(form="json", stream=out)
    logs.logger().info("polled", sources=3)
    line = json.loads(out.getvalue())
    assert line["event"] == "polled"
    assert line["level"] == "info"
    assert line["sources"] == 3
    assert line["at"].endswith("Z")


def test_a_pipe_gets_json_and_no_colours():
    out = io.StringIO()
    logs.configure(stream=out)
    logs.logger().info("polled")
    assert json.loads(out.getvalue())


def test_console_lines_are_for_people():
    out = io.StringIO()
    logs.configure(form="console", stream=out)
    logs.logger().info("polled", sources=3)
    assert "polled" in out.getvalue()
    assert "sources=3" in out.getvalue()
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
def test_the_token_is_hidden_in_lines_and_in_tracebacks(form):
    out = io.StringIO()
    redact.keep_secret("hunter22secret")
    logs.configure(form=form, stream=out)
    try:
        raise RuntimeError(f"GET https://api.telegram.org/bot{TOKEN}/getMe hunter22secret")
    except RuntimeError:
        logs.logger().exception("it failed", url=f"https://x/bot{TOKEN}")
        logging.getLogger("somebody").exception("asked %s", f"bot{TOKEN}")
    said = out.getvalue()
    assert "RuntimeError" in said
    assert TOKEN not in said
    assert "hunter22secret" not in said
    assert redact.MASK in said


def test_libraries_that_name_the_token_at_info_are_kept_quiet():
    out = io.StringIO()
    logs.configure(form="json", stream=out)
    logging.getLogger("httpx").info("HTTP Request: POST")
    logging.getLogger("httpx").warning("worth knowing")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["worth knowing"]


def test_the_level_is_kept():
    out = io.StringIO()
    logs.configure(form="json", level="warning", stream=out)
    logs.logger().info("unheard")
    logs.logger().warning("heard")
    assert "unheard" not in out.getvalue()
    assert "heard" in out.getvalue()


@given(st.text(), st.text())
def test_hiding_leaves_everything_else_as_it_was(before, after):
    assert redact.hide(f"{before} {TOKEN} {after}") == (
        redact.hide(f"{before} ") + redact.MASK + redact.hide(f" {after}")
    )
