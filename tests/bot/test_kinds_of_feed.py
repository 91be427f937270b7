"""Sites without a feed on the command line and in config.toml."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.running import at_home as here
from tests.bot.running import vigil
from tests.bot.test_commands import ON_LOOPBACK, rows
from tests.fakes import Web

CONFIG = """
[[feeds]]
url = "https://example.org/news-sitemap.xml"
name = "Example"
kind = "sitemap"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return tmp_path


def sitemap() -> str:
    at = datetime.now(UTC).isoformat()
    return (
        f"<urlset xmlns:n='news'><url><loc>https://a.example/1</loc><n:news><n:publication_date>{at}"
        "</n:publication_date><n:title>A story</n:title></n:news></url></urlset>"
    )


def test_a_kind_is_declared_exported_and_shown(home: Path, tmp_path_factory) -> None:
    here("feed", "add", "https://b.example/front", "--kind", "links", cwd=home)
    exported = here("config", "export", cwd=home).stdout
    other = tmp_path_factory.mktemp("other")
    (other / "config.toml").write_text(exported)
    kinds = {one["url"]: one["kind"] for one in rows(here("feed", "list", "--json", cwd=other))}
    assert kinds == {
        "https://example.org/news-sitemap.xml": "sitemap",
        "https://b.example/front": "links",
    }


def test_a_kind_there_is_not_is_refused(home: Path) -> None:
    done = here("feed", "add", "https://b.example/front", "--kind", "page", cwd=home)
    assert (done.returncode, done.stderr) == (
        2,
        "vigil: --kind page: write one of feed, sitemap, links.\n",
    )
    (home / "config.toml").write_text(CONFIG.replace("sitemap", "page"))
    assert here("feed", "list", cwd=home).returncode == 2


def test_opml_leaves_out_what_is_no_feed_and_says_so(home: Path) -> None:
    done = here("feed", "export", cwd=home)
    assert "xmlUrl" not in done.stdout
    assert done.stderr == "vigil: Example is no feed (sitemap): OPML can't say it.\n"


async def test_a_site_without_a_feed_is_discovered_with_how_to_watch_it(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(ON_LOOPBACK)
    async with Web() as web:
        site = web.page("/", "<html><body>Welcome</body></html>", content_type="text/html")
        address = web.page("/news-sitemap.xml", sitemap())
        found = await asyncio.to_thread(vigil, "feed", "discover", site, cwd=tmp_path)
        assert f"vigil feed add {address} --kind sitemap" in found.stdout, found.stderr
        assert "1 new address a day" in found.stdout
        told = await asyncio.to_thread(vigil, "feed", "discover", site, "--json", cwd=tmp_path)
        assert json.loads(told.stdout)["kind"] == "sitemap"
        done = await asyncio.to_thread(
            vigil, "feed", "check", address, "--kind", "sitemap", "--json", cwd=tmp_path
        )
        (checked,) = rows(done)
        assert (checked["ok"], checked["items"]) == (True, 1)
