"""The library: what is kept under a name, with a file, without one, and with one that fails."""

from __future__ import annotations

from pathlib import Path

from zaguan_tui.state.chat.library import Library, LibraryItem
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.errors import StorageError
from zaguan_tui.storage.library import LibraryRow, LibraryTable


class FullDisk(LibraryTable):
    """A table on a disk that is full when told so."""

    full = False

    async def write(self, row: LibraryRow) -> None:
        if self.full:
            raise StorageError("The history file could not be used: disk full.")
        await super().write(row)


async def test_without_a_file_it_lives_in_memory() -> None:
    library = Library(FakeClock())
    assert await library.list("preset") == ()
    assert await library.save("preset", "b", "{}") is None
    assert await library.save("preset", "A", "1") is None
    assert await library.save("system", "c", "Be brief.") is None
    assert await library.list("preset") == (LibraryItem("A", "1"), LibraryItem("b", "{}"))
    assert await library.text("system", "c") == "Be brief."
    await library.remove("preset", "b")
    assert await library.names("preset") == ("A",)
    assert await library.text("preset", "b") is None


async def test_what_is_kept_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite"
    async with await Database.open(path) as database:
        library = Library(FakeClock(), LibraryTable(database))
        await library.save("preset", "exact", '{"temperature": 0}')
        await library.save("preset", "exact", '{"temperature": 0.1}')
        await library.save("preset", "gone", "{}")
        await library.remove("preset", "gone")
    async with await Database.open(path) as database:
        library = Library(FakeClock(), LibraryTable(database))
        assert await library.list("preset") == (LibraryItem("exact", '{"temperature": 0.1}'),)


async def test_a_full_disk_is_said_and_the_change_holds() -> None:
    async with await Database.open(None) as database:
        table = FullDisk(database)
        library = Library(FakeClock(), table)
        await library.save("prompt", "x", "old")
        table.full = True
        problem = await library.save("prompt", "x", "new")
        assert problem is not None
        assert "disk full" in problem.sentence
        assert await library.text("prompt", "x") == "new"
        table.full = False
        assert await library.save("prompt", "x", "newest") is None
        assert await Library(FakeClock(), table).text("prompt", "x") == "newest"
