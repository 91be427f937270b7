"""What the torture is compared with: a worker that marks an item as told, then tells it.

    python bench/naive_worker.py config.toml

It reads the same config.toml, polls the same feeds and writes to the same chats, with a
database of its own; no library, no outbox, no second try. Sending first and marking afterwards
(`--send-first`) repeats instead of losing.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
import tomllib
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET


def main() -> None:
    config = Path(sys.argv[1])
    told = tomllib.loads(config.read_text(encoding="utf-8"))
    token = config.with_name(told["telegram"]["token_file"]).read_text(encoding="utf-8")
    api = f"{told['telegram']['api_url']}/bot{token}/sendMessage"
    chats = [channel["chat"] for channel in told["channels"]]
    name = told["watches"][0]["name"]
    send_first = "--send-first" in sys.argv
    with closing(sqlite3.connect(config.with_name("naive.db"))) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS told (key TEXT PRIMARY KEY)")
        print("started", flush=True)
        while True:
            for feed in told["feeds"]:
                for key, title, text in _items(feed["url"]):
                    if name in text:
                        _tell(conn, api, key, title, chats, send_first=send_first)
            time.sleep(1.0)


def _items(url: str) -> list[tuple[str, str, str]]:
    """Return the items of a feed (guid, title, description), the oldest first."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            root = ET.fromstring(answer.read())
    except (OSError, ET.ParseError):
        return []
    fields = ("guid", "title", "description")
    items = [tuple(one.findtext(field) or "" for field in fields) for one in root.iter("item")]
    return items[::-1]  # type: ignore[return-value]


def _tell(
    conn: sqlite3.Connection,
    api: str,
    key: str,
    title: str,
    chats: list[int],
    *,
    send_first: bool,
) -> None:
    if conn.execute("SELECT 1 FROM told WHERE key = ?", (key,)).fetchone():
        return
    if not send_first:
        conn.execute("INSERT INTO told VALUES (?)", (key,))
        conn.commit()
    for chat in chats:
        _send(api, {"chat_id": chat, "text": title})
    if send_first:
        conn.execute("INSERT INTO told VALUES (?)", (key,))
        conn.commit()


def _send(api: str, message: dict[str, Any]) -> None:
    body = json.dumps(message).encode()
    ask = urllib.request.Request(api, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(ask, timeout=5):
            pass
    except OSError as error:
        print(f"not told: {type(error).__name__}", flush=True)


if __name__ == "__main__":
    main()
