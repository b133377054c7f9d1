"""The file: made private, brought up to date, never trusted, never lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zaguan_tui.storage import migrations
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.errors import NewerFileError, StorageError


def list_of(folder: Path) -> list[Path]:
    return list(folder.iterdir())


WRITE = "INSERT OR REPLACE INTO kv VALUES (?, ?)"


async def test_a_new_file_is_private_and_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "history.db"
    async with await Database.open(path) as database:
        await database.write((WRITE, ("a", "1")))
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert (await database.read("PRAGMA journal_mode"))[0][0] == "wal"
        assert (await database.read("PRAGMA user_version"))[0][0] == migrations.FORMAT
        assert database.notices == ()


async def test_a_file_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.touch(mode=0o644)
    async with await Database.open(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_what_was_written_is_there_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    async with await Database.open(path) as database:
        await database.write((WRITE, ("a", "1")))
    async with await Database.open(path) as database:
        assert [tuple(row) for row in await database.read("SELECT * FROM kv")] == [("a", "1")]


async def test_an_older_file_takes_only_the_missing_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.db"
    async with await Database.open(path) as database:
        await database.write((WRITE, ("a", "1")))
    steps = (*migrations.MIGRATIONS, ("ALTER TABLE kv ADD COLUMN note TEXT",))
    monkeypatch.setattr("zaguan_tui.storage.database.MIGRATIONS", steps)
    monkeypatch.setattr("zaguan_tui.storage.database.FORMAT", len(steps))
    async with await Database.open(path) as database:
        assert [tuple(row) for row in await database.read("SELECT * FROM kv")] == [("a", "1", None)]


async def test_a_failing_step_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.db"
    async with await Database.open(path):
        pass
    steps = (*migrations.MIGRATIONS, ("CREATE TABLE half (x)", "no such statement"))
    with monkeypatch.context() as patched:
        patched.setattr("zaguan_tui.storage.database.MIGRATIONS", steps)
        patched.setattr("zaguan_tui.storage.database.FORMAT", len(steps))
        with pytest.raises(StorageError):
            await Database.open(path)
    async with await Database.open(path) as database:
        assert await database.read("SELECT * FROM sqlite_master WHERE name = 'half'") == []


async def test_a_file_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE tomorrow (x)")
        file.execute(f"PRAGMA user_version = {migrations.FORMAT + 3}")
    file.close()
    before = path.read_bytes()
    with pytest.raises(
        NewerFileError,
        match=r"newer zaguan-tui \(format \d+, this one knows \d+\)",
    ):
        await Database.open(path)
    assert path.read_bytes() == before


async def test_tables_of_a_feature_take_their_own_missing_steps(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    first, second = ("CREATE TABLE jobs (id TEXT)",), ("ALTER TABLE jobs ADD COLUMN at REAL",)
    for steps in ((first,), (first, second), (first, second)):
        async with await Database.open(path, tables={"jobs": steps}) as database:
            await database.write(("INSERT INTO jobs (id) VALUES (?)", ("one",)))
    async with await Database.open(path, tables={"jobs": (first, second)}) as database:
        assert [tuple(row) for row in await database.read("SELECT id, at FROM jobs")] == [("one", None)] * 3
    with pytest.raises(NewerFileError, match="format 2, this one knows 1"):
        await Database.open(path, tables={"jobs": (first,)})


@pytest.mark.parametrize("damage", ["garbage", "torn header", "torn pages"])
async def test_a_damaged_file_is_set_aside_with_a_sentence(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "history.db"
    async with await Database.open(path) as database:
        await database.write_many(WRITE, [(f"key {number}", "x" * 500) for number in range(200)])
    content = bytearray(path.read_bytes())
    match damage:
        case "garbage":
            content = bytearray(b"this is not a database, " * 400)
        case "torn header":
            content[0:16] = bytes(16)
        case "torn pages":
            content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    async with await Database.open(path) as database:
        (notice,) = database.notices
        assert "damaged" in notice
        assert await database.read("SELECT * FROM kv") == []
        await database.write((WRITE, ("a", "1")))
    (aside,) = (file for file in list_of(tmp_path) if ".damaged-" in file.name)
    assert aside.read_bytes() == bytes(content)
    assert aside.name in notice


async def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be made"):
        await Database.open(tmp_path / "file" / "history.db")


async def test_a_transaction_is_all_or_nothing() -> None:
    async with await Database.open(None) as database:
        with pytest.raises(StorageError):
            await database.write((WRITE, ("a", "1")), ("INSERT INTO nowhere VALUES (1)", ()))
        assert await database.read("SELECT * FROM kv") == []
        await database.write((WRITE, ("b", "2")))
        assert len(await database.read("SELECT * FROM kv")) == 1


async def test_a_write_is_carried_through_when_its_caller_is_cancelled(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "history.db") as database:
        writes = [asyncio.create_task(database.write((WRITE, (str(n), "x")))) for n in range(20)]
        await asyncio.sleep(0)
        for write in writes:
            write.cancel()
        await asyncio.gather(*writes, return_exceptions=True)
    async with await Database.open(tmp_path / "history.db") as database:
        assert len(await database.read("SELECT * FROM kv")) == 20


async def test_a_closed_file_says_so() -> None:
    database = await Database.open(None)
    await database.close()
    await database.close()
    with pytest.raises(StorageError, match="closed"):
        await database.read("SELECT 1")


async def test_text_that_is_no_utf8_is_stored_readable() -> None:
    async with await Database.open(None) as database:
        await database.write((WRITE, ("half", "a\ud83d")), (WRITE, ("pair", "\ud83c\udf89")))
        assert [row["value"] for row in await database.read("SELECT * FROM kv ORDER BY key")] == [
            "a\ufffd",
            "🎉",
        ]


async def test_two_programs_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    one, two = await asyncio.gather(Database.open(path), Database.open(path))
    async with one, two:
        await asyncio.gather(*(db.write((WRITE, (f"{n}", "x"))) for n, db in enumerate([one, two] * 10)))
        assert len(await one.read("SELECT * FROM kv")) == 20


def test_the_package_is_light_until_a_file_is_opened() -> None:
    names = ["database", "conversations", "drafts", "samples", "transitions", "kv", "migrations", "errors"]
    code = "import sys\n" + "".join(f"import zaguan_tui.storage.{name}\n" for name in names)
    code += "print([m for m in ('aiosqlite', 'textual', 'httpx', 'pydantic') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


WRITER = """
import asyncio, sys, time
from pathlib import Path
from zaguan_tui.storage.conversations import *
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database

async def main():
    table = ConversationTable(await Database.open(Path(sys.argv[1])))
    said = MessageRow("m1", "c1", "t1", "assistant", "streaming", 1.0)
    await table.save(ConversationRow("c1", "title", "model", "", None, 1.0, 1.0), said)
    for number in range(100_000):
        await table.append(Piece("m1", number, f"[{number}]", ""))
        print(number, flush=True)

asyncio.run(main())
"""


def killed_while_writing(path: Path) -> int:
    """The number of the last piece a writing process told of before it was killed."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    lines = [writer.stdout.readline() for _ in range(50)]
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline:
        lines.append(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    lines += writer.stdout.readlines()
    writer.wait()
    writer.stdout.close()
    return int([line for line in lines if line.endswith("\n")][-1])


async def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    acknowledged = killed_while_writing(path)
    async with await Database.open(path) as database:
        assert database.notices == ()
        (message,) = await ConversationTable(database).messages("c1")
    assert message.status == "streaming"
    assert message.text.startswith("".join(f"[{number}]" for number in range(acknowledged + 1)))


async def test_a_file_of_the_first_format_is_brought_up_to_date_and_searchable(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as file:
        for statement in migrations.MIGRATIONS[0]:
            file.execute(statement)
        file.execute("INSERT INTO conversations VALUES ('c', 'Old', 'a/b', '', NULL, 1, 1)")
        file.execute(
            "INSERT INTO messages (id, conversation_id, turn_id, role, status, at, text) "
            "VALUES ('m', 'c', 't', 'user', 'ended', 1, 'about breakers')"
        )
        file.execute("PRAGMA user_version = 1")
    file.close()
    async with await Database.open(path) as database:
        (talk,) = await database.read("SELECT * FROM conversations")
        assert (talk["title"], talk["kind"], talk["dialect"], talk["params"]) == ("Old", "chat", "chat", "{}")
        found = "SELECT rowid FROM said WHERE said MATCH ?"
        assert len(await database.read(found, ("reaker",))) == 1
        await database.write(("UPDATE messages SET text = 'about fuses'", ()))
        assert await database.read(found, ("reaker",)) == []
        assert len(await database.read(found, ("fuse",))) == 1
        await database.write(("DELETE FROM conversations", ()))
        assert await database.read(found, ("fuse",)) == []
        await database.write(("INSERT INTO said (said) VALUES ('integrity-check')", ()))
