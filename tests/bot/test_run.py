"""`vigil run` by case: what an operator sees, whatever is there and whatever is missing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.claiming import link, qr
from bot.demo.botapi.people import Room
from bot.demo.telegram_server import TelegramServer
from bot.running import noted, processes
from tests.bot.running import command, environment, vigil
from tests.fakes import Web
from tests.walks.program import Program, rss

NAME = "Salvador Cienfuegos Zepeda"
OLD = ("crane", "A second crane for the port", "Twice as many containers by spring.")
NEWS = ("airport", "Former minister held", f"{NAME} was detained on Thursday.")
BASE = '[polling]\nhost_gap = "0s"\nallow_networks = ["127.0.0.0/8"]\n'
WATCH = f'[[watches]]\nname = "{NAME}"\n'


def feed(address: str) -> str:
    return f'[[feeds]]\nurl = "{address}"\nname = "The Border Ledger"\ninterval = "1s"\n'


def desk(room: Room) -> str:
    """Return the [[channels]] entry of a chat."""
    return f'[[channels]]\nid = "desk"\nchat = {room.id}\n'


@contextlib.contextmanager
def hanging(web: Web) -> Iterator[str]:
    """Give the address of a feed that answers nobody until the end."""
    release = asyncio.Event()

    async def hang(_request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        await release.wait()
        return aiohttp.web.Response()

    try:
        yield web.program("/feed", hang)
    finally:
        release.set()


def write(folder: Path, *parts: str) -> Path:
    path = folder / "config.toml"
    path.write_text("".join(parts), "utf-8")
    return path


def telegram_at(server: TelegramServer) -> str:
    """Return the [telegram] table for a server; the token goes where it belongs."""
    return f'[telegram]\napi_url = "{server.url}"\ntoken_file = "token"\n'


async def outbox(folder: Path, *states: str) -> list[dict]:
    wanted = [word for state in states for word in ("--state", state)]
    done = await asyncio.to_thread(vigil, "outbox", "list", "--json", *wanted, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_without_a_token_each_alert_is_printed_once_and_nothing_waits_for_telegram(tmp_path):
    async with Web() as web:
        address = web.page("/feed", rss(OLD))
        write(
            tmp_path,
            BASE,
            feed(address),
            WATCH,
            'to = ["desk"]\n[[channels]]\nid = "desk"\nchat = -1001\n',
        )
        async with Program(tmp_path) as program:
            await program.says("no token is set: alerts are printed here")
            await web.is_asked(times=2)
            web.page("/feed", rss(NEWS, OLD))
            await program.says("Former minister held")
            asked = len(web.asked)
            await web.is_asked(times=asked + 2)
            assert await program.stops() == 0
        assert sum("Former minister held" in line for line in program.said) == 1
        done = await outbox(tmp_path, "due", "sending", "sent", "refused", "gone")
        assert [(one["to"], one["state"]) for one in done] == [("terminal", "sent")]


async def test_what_poll_raises_without_a_token_waits_for_deliver(tmp_path):
    async with Web() as web:
        write(tmp_path, BASE, feed(web.page("/feed", rss(OLD))), WATCH)
        first = await asyncio.to_thread(vigil, "poll", cwd=tmp_path)
        assert first.returncode == 0, first.stderr
        web.page("/feed", rss(NEWS, OLD))
        polled = await asyncio.to_thread(vigil, "poll", "--all", "--json", cwd=tmp_path)
        (report,) = [json.loads(line) for line in polled.stdout.splitlines()]
        assert (report["outcome"], report["new"], report["alerts"]) == ("new", 1, 1)
        delivered = await asyncio.to_thread(vigil, "deliver", cwd=tmp_path)
        assert "Former minister held" in delivered.stdout
        assert delivered.stdout.endswith("1 sent.\n")
        again = await asyncio.to_thread(vigil, "deliver", cwd=tmp_path)
        assert again.stdout == "Nothing was delivered.\n"


async def test_one_round_polls_and_delivers(tmp_path):
    async with Web() as web:
        write(tmp_path, BASE, feed(web.page("/feed", rss(NEWS, OLD))), WATCH)
        done = await asyncio.to_thread(vigil, "run", "--once", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "Former minister held" in done.stdout


async def test_a_token_that_comes_later_moves_alerts_from_the_terminal_to_telegram(tmp_path):
    async with TelegramServer() as telegram, Web() as web:
        news = telegram.channel("Court news", telegram.person("Ana"))
        address = web.page("/feed", rss(OLD))
        write(tmp_path, telegram_at(telegram), BASE, feed(address), WATCH, desk(news))
        await asyncio.to_thread(vigil, "run", "--once", cwd=tmp_path)
        (tmp_path / "token").write_text(telegram.token)
        web.page("/feed", rss(NEWS, OLD))
        async with Program(tmp_path) as program:
            await news.shows("Former minister held", patience=40.0)
            assert await program.stops() == 0
        assert not any("Former minister held" in line for line in program.said)


async def test_a_wrong_token_is_said_while_alerts_are_queued_and_sent_once_it_is_right(tmp_path):
    async with TelegramServer() as telegram, Web() as web:
        news = telegram.channel("Court news", telegram.person("Ana"))
        address = web.page("/feed", rss(OLD))
        write(tmp_path, telegram_at(telegram), BASE, feed(address), WATCH, desk(news))
        (tmp_path / "token").write_text("1234567:wrong-wrong-wrong-wrong-wrong")
        async with Program(tmp_path) as program:
            await program.says("Telegram does not know this token")
            web.page("/feed", rss(NEWS, OLD))
            await web.is_asked(times=len(web.asked) + 2)
            assert await program.stops() == 0
        assert "wrong-wrong" not in "\n".join(program.said)
        (waiting,) = await outbox(tmp_path)
        assert waiting["state"] == "due"
        (tmp_path / "token").write_text(telegram.token)
        async with Program(tmp_path) as program:
            await news.shows("Former minister held", patience=40.0)
            assert await program.stops() == 0


async def test_two_programs_on_one_database_send_each_alert_once(tmp_path, database_url):
    async with TelegramServer() as telegram, Web() as web:
        news = telegram.channel("Court news", telegram.person("Ana"))
        address = web.page("/feed", rss(OLD))
        database = f'[database]\nurl = "{database_url}"\n'
        write(tmp_path, telegram_at(telegram), database, BASE, feed(address), WATCH, desk(news))
        (tmp_path / "token").write_text(telegram.token)
        async with Program(tmp_path) as one, Program(tmp_path) as two:
            await one.says("started")
            await two.says("started")
            await web.is_asked(times=2)
            web.page("/feed", rss(NEWS, OLD))
            await news.shows("Former minister held", patience=40.0)
            asked = len(web.asked)
            await web.is_asked(times=asked + 2)
            assert await one.stops() == 0
            web.page("/feed", rss(("trial", f"{NAME} in court", "On Monday."), NEWS, OLD))
            await news.shows("in court", patience=40.0)
            assert await two.stops() == 0
        assert len(news.texts) == 2


async def test_only_some_parts_can_run_in_a_process_of_their_own(tmp_path, database_url):
    async with TelegramServer() as telegram, Web() as web:
        news = telegram.channel("Court news", telegram.person("Ana"))
        address = web.page("/feed", rss(OLD))
        database = f'[database]\nurl = "{database_url}"\n'
        write(tmp_path, telegram_at(telegram), database, BASE, feed(address), WATCH, desk(news))
        (tmp_path / "token").write_text(telegram.token)
        async with (
            Program(tmp_path, "run", "--only", "deliver") as sender,
            Program(tmp_path, "run", "--only", "poll") as poller,
        ):
            await sender.says('"parts": "deliver"')
            await web.is_asked(times=2)
            web.page("/feed", rss(NEWS, OLD))
            await news.shows("Former minister held", patience=40.0)
            assert await poller.stops() == 0
            assert await sender.stops() == 0
        assert not any("delivered" in line for line in poller.said)
    wrong = vigil("run", "--only", "poll,eat", cwd=tmp_path)
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "vigil: --only poll,eat: write some of poll,deliver,talk.\n",
    )


def test_a_data_directory_that_cannot_be_written_is_a_sentence_and_exit_1(tmp_path):
    write(tmp_path, BASE)
    (tmp_path / "data").write_text("in the way")
    done = vigil("run", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("vigil: ")
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_a_sentence_and_exit_1(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        write(tmp_path, f'[server]\nbind = "{bind}"\n')
        done = vigil("run", cwd=tmp_path)
    assert done.returncode == 1
    assert f"vigil: [server] bind: {bind} can't be used" in done.stderr
    assert "Traceback" not in done.stderr


async def test_it_answers_for_its_health(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    async with Web() as web:
        write(tmp_path, BASE, f'[server]\nbind = "{bind}"\n', feed(web.page("/feed", rss(OLD))))
        async with Program(tmp_path) as program, aiohttp.ClientSession() as session:
            await program.says("started")
            await web.is_asked()
            for path, status in (
                ("/healthz", 200),
                ("/readyz", 200),
                ("/metrics", 200),
                ("/", 200),
            ):
                async with session.get(f"http://{bind}{path}") as answer:
                    assert answer.status == status, await answer.text()
            health = await asyncio.to_thread(vigil, "health", cwd=tmp_path)
            assert (health.returncode, health.stdout) == (0, "Work is progressing.\n")
            assert await program.stops() == 0


async def test_sigterm_ends_it_in_time_while_a_feed_hangs(tmp_path):
    async with Web() as web:
        with hanging(web) as slow:
            write(tmp_path, BASE, feed(slow))
            async with Program(tmp_path) as program:
                await web.is_asked()
                assert await program.stops(within=10) == 0


async def test_sigterm_lets_the_send_in_flight_finish(tmp_path):
    async with TelegramServer() as telegram, Web() as web:
        news = telegram.channel("Court news", telegram.person("Ana"))
        address = web.page("/feed", rss(OLD))
        write(tmp_path, telegram_at(telegram), BASE, feed(address), WATCH, desk(news))
        (tmp_path / "token").write_text(telegram.token)
        telegram.fault("slow", method="sendMessage", seconds=2.0, accepted=True)
        async with Program(tmp_path) as program:
            await web.is_asked(times=2)
            web.page("/feed", rss(NEWS, OLD))
            await telegram.until(lambda: not telegram.faults.waiting, patience=30.0)
            assert await program.stops(within=10) == 0
        assert len(news.texts) == 1
        (sent,) = await outbox(tmp_path, "due", "sending", "sent")
        assert (sent["state"], sent["repeat"]) == ("sent", False)


async def test_a_second_sigterm_ends_it_at_once(tmp_path):
    async with Web() as web:
        with hanging(web) as slow:
            write(tmp_path, BASE, feed(slow))
            process = await asyncio.create_subprocess_exec(
                *command("run"), cwd=tmp_path, env=environment(), stderr=asyncio.subprocess.DEVNULL
            )
            await web.is_asked()
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(10):
                code = await process.wait()
            process._transport.close()
            assert code in (0, 128 + signal.SIGTERM)


async def test_a_changed_configuration_is_taken_over_while_it_runs(tmp_path):
    async with Web() as web:
        first = web.page("/feed", rss(OLD))
        write(tmp_path, BASE, feed(first))
        async with Program(tmp_path) as program:
            await web.is_asked()
            second = web.page("/other", rss(NEWS, title="Cuaderno"))
            write(tmp_path, BASE, feed(second), WATCH)
            done = await asyncio.to_thread(vigil, "reload", cwd=tmp_path)
            assert (done.returncode, done.stderr) == (0, "")
            await program.says('configuration reloaded", .*"rebuilt": false|"rebuilt": false')
            await program.says("Former minister held")
            write(tmp_path, BASE, '[alerts]\nedit_window = "2h"\n', feed(second), WATCH)
            await asyncio.to_thread(vigil, "reload", cwd=tmp_path)
            await program.says('"rebuilt": true')
            asked = len(web.asked)
            await web.is_asked(times=asked + 2)
            assert await program.stops() == 0
        assert "/feed" not in web.paths()[-2:]


async def test_a_faulty_change_is_refused_and_the_old_configuration_stays(tmp_path):
    async with Web() as web:
        write(tmp_path, BASE, feed(web.page("/feed", rss(OLD))))
        async with Program(tmp_path) as program:
            await web.is_asked()
            write(tmp_path, BASE, "[pollin]\n")
            done = await asyncio.to_thread(vigil, "reload", cwd=tmp_path)
            assert done.returncode == 2
            assert program._process is not None
            program._process.send_signal(signal.SIGHUP)
            await program.says("the changed configuration was not applied")
            await program.says("was not applied.*\n.*did you mean polling|did you mean polling")
            asked = len(web.asked)
            await web.is_asked(times=asked + 2)
            assert await program.stops() == 0


async def test_a_change_that_cannot_be_started_leaves_the_old_configuration_at_work(tmp_path):
    async with Web() as web:
        address = web.page("/feed", rss(OLD))
        write(tmp_path, BASE, feed(address))
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            async with Program(tmp_path) as program:
                await web.is_asked()
                bind = f"127.0.0.1:{taken.getsockname()[1]}"
                write(tmp_path, BASE, f'[server]\nbind = "{bind}"\n', feed(address))
                done = await asyncio.to_thread(vigil, "reload", cwd=tmp_path)
                assert done.returncode == 0
                await program.says("can't be used.*the changed configuration was not applied")
                asked = len(web.asked)
                await web.is_asked(times=asked + 2)
                write(tmp_path, BASE, feed(address), WATCH)
                await asyncio.to_thread(vigil, "reload", cwd=tmp_path)
                await program.says("configuration reloaded")
                assert await program.stops() == 0


def test_a_process_with_the_number_of_another_runs_beside_it(tmp_path):
    with noted(tmp_path), noted(tmp_path):
        assert processes(tmp_path) == [os.getpid()]


def test_the_claim_link_fits_a_wide_terminal_as_a_picture_and_not_a_narrow_one():
    address = link("vigil_bot", "x" * 20)
    assert address == "https://t.me/vigil_bot?start=claim_" + "x" * 20
    picture = qr(address, 80)
    assert max(len(line) for line in picture.splitlines()) <= 80
    assert qr(address, 20) == ""


async def test_a_terminal_shows_the_claim_link_as_a_picture(tmp_path):
    async with TelegramServer() as telegram:
        write(tmp_path, telegram_at(telegram), BASE)
        (tmp_path / "token").write_text(telegram.token)
        leader, follower = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *command("run"),
            cwd=tmp_path,
            env=environment(TERM="xterm", COLUMNS="100"),
            stdout=follower,
            stderr=follower,
        )
        os.close(follower)
        said = await asyncio.to_thread(_read_until, leader, "█")
        assert "start=claim_" in said
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(_read_until, leader, "never said")
        async with asyncio.timeout(10):
            assert await process.wait() == 0
        process._transport.close()
        os.close(leader)


def _read_until(descriptor: int, wanted: str) -> str:
    """Read a terminal until it shows something, or is closed."""
    said = b""
    while wanted.encode() not in said:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            break
        said += piece
    return said.decode(errors="replace")


@pytest.mark.parametrize("known", [True, False])
async def test_an_owner_in_the_configuration_needs_no_link(tmp_path, known):
    async with TelegramServer() as telegram:
        ana = telegram.person("Ana")
        owner = f"owner_id = {ana.person.id}\n" if known else ""
        write(tmp_path, telegram_at(telegram), owner, BASE)
        (tmp_path / "token").write_text(telegram.token)
        async with Program(tmp_path) as program:
            if known:
                await ana.says("/status")
                await ana.hears("")
            else:
                await program.says("start=claim_")
            assert await program.stops() == 0
        assert any("start=claim_" in line for line in program.said) is not known
