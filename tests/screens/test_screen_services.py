"""Saving to a file and draining notices, without a terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from screens.fake_services import FakeServices, save
from zaguan_tui.screens.common.notice_queue import NoticeQueue


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def test_a_file_is_written_where_none_is(tmp_path: Path) -> None:
    (tmp_path / "name.json").write_text("{}")
    services = FakeServices("offered")

    def write(path: Path) -> str:
        path.write_text("x")
        return f"Wrote {path.name}."

    await save(services, write, ".md", ".json")
    assert services.notices == ["Wrote name-2.md."], "no suffix of the path offered is taken"
    assert (tmp_path / "name-2.md").read_text() == "x"


async def test_leaving_the_sheet_writes_nothing() -> None:
    services = FakeServices(None)
    await save(services, lambda path: pytest.fail("written"), ".md")
    assert services.notices == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FileExistsError(17, "File exists", "x.wav"), "There is a file x.wav already: nothing was written."),
        (ValueError("This format has no WAV."), "This format has no WAV."),
        (OSError(28, "No space left on device"), "name.md could not be written: No space left on device."),
    ],
)
async def test_a_failed_write_is_explained(error: Exception, sentence: str) -> None:
    services = FakeServices(Path("name.md"))

    def write(path: Path) -> str:
        raise error

    await save(services, write, ".md")
    assert services.notices == [sentence]


async def test_notices_are_shown_in_order_and_merged_by_batch() -> None:
    watchers: list[object] = []
    closed: list[bool] = []
    shown: list[int] = []

    def watch(watcher: object) -> object:
        watchers.append(watcher)
        return lambda: closed.append(True)

    async def show(notice: int) -> None:
        await asyncio.sleep(0)
        shown.append(notice)

    queue = NoticeQueue(watch, lambda notice: notice > 0)  # type: ignore[arg-type,type-var]
    (receive,) = watchers
    for notice in (1, -1, 2, 3):
        receive(notice)  # type: ignore[operator]
    task = asyncio.ensure_future(queue.drain(show, lambda batch: [one for one in batch if one != 2]))
    await asyncio.sleep(0.01)
    receive(2)  # type: ignore[operator]
    receive(4)  # type: ignore[operator]
    await asyncio.sleep(0.01)
    assert shown == [1, 3, 4], "refused ones never come, merged ones are dropped"
    queue.close()
    task.cancel()
    assert closed == [True]
