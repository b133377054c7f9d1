"""A key that a person pastes or a server echoes never reaches the file, whichever table it goes to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.drafts import DraftTable
from zaguan_tui.storage.kv import KeyValueTable

KEY = "sk-live-0123456789abcdef"


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_no_key_reaches_the_file(tmp_path: Path) -> None:
    path = tmp_path / "zaguan.sqlite"
    async with await Database.open(path, Redactor([KEY]).text) as database:
        await DraftTable(database).write("playground:new", f"my key is {KEY}", datetime.now(UTC).timestamp())
        await KeyValueTable(database).write("last", {"key": KEY})
        draft = await DraftTable(database).read("playground:new")
    assert draft.startswith("my key is ")
    assert KEY not in draft
    assert KEY.encode() not in everything_in(tmp_path)
