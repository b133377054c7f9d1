"""Credits over a real socket: every page of the history in three dialects, and the statistics."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import Seen, Step

from zaguan_tui.client import ArgumentError, ClientOptions, ServerError
from zaguan_tui.client.dispatch.options import ServerDialect
from zaguan_tui.client.paging.credits_history import HistoryPager
from zaguan_tui.client.requests.history_query import HistoryQuery
from zaguan_tui.client.types.account.credits_history import read_credits_history_page

FIXTURES = Path(__file__).parent.parent / "fixtures" / "credits"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text())["history"]


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": f"h{n}", "timestamp": f"2026-11-20T14:{n % 60:02}:00Z", "model": "m"} for n in numbers]


def query_of(seen: Seen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(seen.target).query).items()}


async def read_all(pager: HistoryPager) -> list[str]:
    return [entry.id async for entry in pager.entries()]


@pytest.mark.parametrize(
    ("dialect", "following"),
    [
        ("go", {"cursor": "eyJvIjo1fQ==", "limit": "5"}),
        ("ts", {"page": "2", "page_size": "5"}),
    ],
)
async def test_every_dialect_is_paged_to_its_end(serve, connect, dialect, following) -> None:  # type: ignore[no-untyped-def]
    pages = [Step(body=load(f"history_{dialect}_page{n}.json")) for n in (1, 2, 3)]
    server = await serve(*pages)
    pager = connect(server).iter_credits_history(page_size=5)
    assert await read_all(pager) == EXPECTED["ids"]
    assert pager.coverage.complete
    assert (pager.coverage.pages, pager.coverage.total) == (3, EXPECTED["total"])
    assert query_of(server.seen[0]) == {"limit": "5"}
    assert query_of(server.seen[1]) == following
    assert len(server.seen) == 3


async def test_one_page_is_all_there_is(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load("history_python.json")))
    pager = connect(server).iter_credits_history()
    assert await read_all(pager) == EXPECTED["ids"]
    assert pager.coverage.complete
    assert str(pager.coverage).endswith("1 page")


async def test_numbered_from_the_start(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load("history_ts_page1.json")), Step(body=load("history_ts_page2.json")))
    pager = connect(server).iter_credits_history(page_size=5, numbered=True)
    await anext(pager)
    await anext(pager)
    assert [query_of(seen)["page"] for seen in server.seen] == ["1", "2"]
    assert pager.coverage.is_partial
    assert pager.coverage.reason is None


async def test_the_dialect_of_the_options_pages_by_number(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(*(Step(body=load("history_ts_page1.json")) for _ in range(3)))
    client = connect(server, options=ClientOptions(dialect=ServerDialect.TS))
    await anext(client.iter_credits_history(page_size=5))
    await client.get_credits_history(limit=5)
    await client.get_credits_history(limit=5, cursor="c")
    assert [query_of(seen) for seen in server.seen] == [
        {"page": "1", "page_size": "5"},
        {"page": "1", "page_size": "5"},
        {"limit": "5", "cursor": "c"},
    ]


class Ledger:
    """A server in one of three dialects, with faults on request."""

    def __init__(self, dialect: str, count: int, size: int) -> None:
        self.dialect, self.count, self.size = dialect, count, size
        self.asked: list[Mapping[str, Any]] = []

    async def fetch(self, params: Mapping[str, Any]) -> Any:
        self.asked.append(params)
        if self.dialect == "page":
            page = int(params.get("page", 1))
            start = (page - 1) * self.size
            around = {"page": page, "page_size": self.size, "total": self.count}
        else:
            start = int(params.get("cursor", params.get("offset", 0)) or 0)
            end = start + self.size
            if self.dialect == "cursor":
                around = {"next_cursor": str(end) if end < self.count else None, "has_more": end < self.count}
            else:
                around = {"offset": start, "limit": self.size, "total": self.count}
        entries = rows(*range(start, min(start + self.size, self.count)))
        return read_credits_history_page({"entries": entries, **around})


@given(
    st.sampled_from(["page", "cursor", "offset"]), st.integers(0, 40), st.integers(1, 9), st.integers(1, 50)
)
async def test_any_size_in_any_dialect(dialect: str, count: int, size: int, wanted: int) -> None:
    ledger = Ledger(dialect, count, size)
    pager = HistoryPager(ledger.fetch, page_size=wanted)
    assert await read_all(pager) == [f"h{n}" for n in range(count)]
    assert pager.coverage.complete
    assert pager.coverage.rows == count


def paged(*bodies: Any) -> HistoryPager:
    answers = iter(bodies)

    async def fetch(params: Mapping[str, Any]) -> Any:
        body = next(answers)
        if isinstance(body, Exception):
            raise body
        return read_credits_history_page(body)

    return HistoryPager(fetch, page_size=2, max_pages=4)


@pytest.mark.parametrize(
    ("bodies", "ids", "reason"),
    [
        (
            [{"entries": rows(1), "next_cursor": "a"}, {"entries": rows(2), "next_cursor": "a"}],
            "h1 h2",
            "the server repeats its cursor",
        ),
        (
            [{"entries": rows(1, 2), "next_cursor": "a"}, {"entries": rows(1, 2), "next_cursor": "b"}],
            "h1 h2",
            "a page without new rows",
        ),
        (
            [{"entries": rows(1), "page": 1, "total": 9}, {"entries": rows(1), "page": 1, "total": 9}],
            "h1",
            "asked for page 2, the server repeated page 1",
        ),
        (
            [
                {"entries": rows(1, 2), "page": 1, "page_size": 2, "total": 6},
                {"entries": rows(5, 6), "page": 3, "page_size": 2, "total": 6},
            ],
            "h1 h2 h5 h6",
            "page 2 is missing, the server sent page 3",
        ),
        ([{"entries": rows(1), "has_more": True}], "h1", "there is more, but not how to get it"),
        ([{"entries": rows(1), "total": 3}], "h1", "2 rows are missing"),
        (
            [{"entries": rows(n), "next_cursor": str(n)} for n in range(4)],
            "h0 h1 h2 h3",
            "stopped after 4 pages",
        ),
    ],
)
async def test_circles_and_gaps_are_partial(bodies: list[Any], ids: str, reason: str) -> None:
    pager = paged(*bodies)
    assert await read_all(pager) == ids.split()
    assert not pager.coverage.complete
    assert reason in (pager.coverage.reason or "")
    assert "partial" in str(pager.coverage)


async def test_rows_that_slipped_to_the_next_page_are_not_counted_twice() -> None:
    pager = paged(
        {"entries": rows(9, 8), "next_cursor": "a"},
        {"entries": rows(8, 7), "next_cursor": "b"},
        {"entries": []},
    )
    assert await read_all(pager) == ["h9", "h8", "h7"]
    assert pager.coverage.complete


async def test_a_ledger_that_grows_meanwhile_is_read_as_it_was() -> None:
    pager = paged(
        {"entries": rows(9, 8), "total": 4, "page": 1, "page_size": 2},
        {"entries": rows(8, 7), "total": 5, "page": 2, "page_size": 2},
        {"entries": rows(6), "total": 5, "page": 3, "page_size": 2},
    )
    assert await read_all(pager) == ["h9", "h8", "h7", "h6"]
    assert str(pager.coverage) == "4 of 4 rows, 3 pages"


async def test_a_failed_page_keeps_what_came_before_and_can_be_asked_for_again(serve, connect) -> None:  # type: ignore[no-untyped-def]
    pages = [Step(body=load(f"history_go_page{n}.json")) for n in (1, 2, 3)]
    server = await serve(pages[0], Step(500, {}), Step(500, {}), Step(500, {}), *pages[1:])
    pager = connect(server).iter_credits_history(page_size=5)
    first = await anext(pager)
    with pytest.raises(ServerError):
        await anext(pager)
    assert len(first.data) == pager.coverage.rows == 5
    assert pager.coverage.reason == "page 2 of 3 failed"
    assert first.data[0].id == EXPECTED["ids"][0]
    assert await read_all(pager) == EXPECTED["ids"][5:]
    assert pager.coverage.complete


async def test_filters_are_sent_and_applied_again(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load("history.json")))
    pager = connect(server).iter_credits_history(
        provider="openai",
        start_date=datetime(2026, 11, 1, tzinfo=UTC),
        end_date="2026-11-20",
        status="success",
    )
    page = await anext(pager)
    assert page.data
    assert {(entry.provider, entry.status) for entry in page.data} == {("openai", "success")}
    assert pager.coverage.rows == EXPECTED["total"]
    assert pager.coverage.complete
    assert query_of(server.seen[0]) == {
        "limit": "100",
        "provider": "openai",
        "start_date": "2026-11-01T00:00:00Z",
        "end_date": "2026-11-20",
        "status": "success",
    }


def test_what_a_query_admits() -> None:
    entry = read_credits_history_page({"entries": [{**rows(5)[0], "model": "gpt-4o", "band": "A"}]}).data[0]
    assert HistoryQuery(model="openai/gpt-4o", band="a", provider="x").admits(entry)
    assert not HistoryQuery(model="gpt-4").admits(entry)
    assert HistoryQuery(start_date=date(2026, 11, 20), end_date=date(2026, 11, 20)).admits(entry)
    assert not HistoryQuery(end_date="2026-11-20T14:04:59+00:00").admits(entry)


@pytest.mark.parametrize(
    "wrong",
    [
        {"page_size": 0},
        {"start_date": "yesterday"},
        {"end_date": datetime(2026, 11, 20)},
        {"model": " "},
    ],
)
async def test_wrong_filters_are_refused(connect, wrong) -> None:  # type: ignore[no-untyped-def]
    client = connect("http://127.0.0.1:9")
    with pytest.raises(ArgumentError) as caught:
        client.iter_credits_history(**wrong)
    assert caught.value.field == next(iter(wrong))
    for call in (client.get_credits_history(page=0), client.get_credits_stats(group_by="planet")):
        with pytest.raises(ArgumentError):
            await call


async def test_one_page_by_hand(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load("history_go_page2.json")))
    query = HistoryQuery(band="A")
    page = await connect(server).get_credits_history(limit=5, cursor="a+b/c==", query=query)
    assert len(page.data) == 5
    assert server.seen[0].target == "/v1/credits/history?band=A&limit=5&cursor=a%2Bb%2Fc%3D%3D"


@pytest.mark.parametrize("dialect", ["go", "python", "ts"])
async def test_statistics(serve, connect, dialect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load(f"stats_{dialect}.json")))
    stats = await connect(server).get_credits_stats(period="week", start_date="2026-11-14")
    assert stats.dialect == dialect
    assert stats.totals.credits
    assert query_of(server.seen[0]) == {"period": "week", "start_date": "2026-11-14", "group_by": "day"}
    await connect(server).get_credits_stats(group_by=["provider", "model"], band="A")
    assert query_of(server.seen[1]) == {"group_by": "provider,model", "band": "A"}
    await connect(server).get_credits_stats(group_by=None)
    assert query_of(server.seen[2]) == {}
