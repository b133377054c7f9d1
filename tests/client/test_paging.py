"""All pages of a list, and servers that go in circles."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_calls import FIXTURES
from scripted import Step

from zaguan_tui.client import APIError, ArgumentError, ResponseFormatError, ServerError
from zaguan_tui.client.paging.pages import PagingError, paginate
from zaguan_tui.client.types.core.page import Page
from zaguan_tui.client.types.jobs.files import File


def page(*ids: str, more: bool | None = True, last: str | None = None) -> Page[File]:
    return Page(data=tuple(File(id=name) for name in ids), has_more=more, last_id=last)


def pages(
    *answers: Page[File] | Exception,
) -> tuple[Callable[..., Awaitable[Page[File]]], list[dict[str, Any]]]:
    asked: list[dict[str, Any]] = []

    async def method(*ids: str, **params: Any) -> Page[File]:
        asked.append({"ids": ids, **params} if ids else params)
        answer = answers[min(len(asked), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return method, asked


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


async def test_all_files_over_a_real_socket(serve: Any, connect: Any) -> None:
    server = await serve(
        Step(body=fixture("files/list_page1.json")), Step(body=fixture("files/list_page2.json"))
    )
    client = connect(server)
    files = [file.id async for file in paginate(client.list_files, purpose="batch", limit=3)]
    whole = [entry["id"] for entry in json.loads(fixture("files/list.json"))["data"]]
    assert files == whole
    assert [seen.target for seen in server.seen] == [
        "/v1/files?limit=3&purpose=batch",
        "/v1/files?limit=3&after=file-res01&purpose=batch",
    ]


async def test_fine_tuning_lists_have_no_last_id(serve: Any, connect: Any) -> None:
    rest = {"data": [{"id": "ftevent-x", "message": "x"}], "has_more": False}
    server = await serve(Step(body=fixture("fine_tuning/events_page1.json")), Step(body=rest))
    pager = paginate(connect(server).list_fine_tuning_events, "j", limit=20)
    events = [event async for event in pager]
    assert (len(events), pager.pages, pager.complete) == (21, 2, True)
    assert server.seen[1].target == f"/v1/fine_tuning/jobs/j/events?limit=20&after={events[19].id}"


async def test_a_page_that_fails_keeps_what_came_before(serve: Any, connect: Any) -> None:
    broken = Step(500, {"error": {"message": "database"}})
    server = await serve(Step(body=fixture("files/list_page1.json")), broken)
    found = await paginate(connect(server).list_files).collect()
    assert (len(found.data), found.pages, found.complete) == (3, 1, False)
    assert found.problem is not None
    assert found.problem.startswith("page 2 of ? failed: 500: database")
    assert isinstance(found.error, ServerError)
    assert len(server.seen) == 4
    server = await serve(Step(body=fixture("files/list_page1.json")), broken)
    kept = []
    with pytest.raises(ServerError):
        async for file in paginate(connect(server).list_files):
            kept.append(file)
    assert len(kept) == 3


async def test_a_first_page_that_fails_is_the_error_itself(serve: Any, connect: Any) -> None:
    server = await serve(Step(403, {"error": {"message": "no"}}))
    with pytest.raises(APIError, match="no"):
        await paginate(connect(server).list_files).collect()


@pytest.mark.parametrize(
    ("answers", "ids", "complete", "problem"),
    [
        ((page("a", "b"), page("c", more=False)), "abc", True, None),
        ((page("a", more=None), page("b", more=None), page(more=None)), "ab", True, None),
        ((page("a", "b", more=None),), "ab", True, None),  # `after` is ignored: the same page again
        ((page(more=False),), "", True, None),
        ((page("a", last=None), page("a")), "a", False, "page 2 leads back"),
        ((page("a"), page("b"), page("c", last="a")), "abc", False, "page 3 leads back"),
        (
            (
                page("a"),
                page("a", last="z"),
            ),
            "a",
            False,
            "page 2 brought nothing new",
        ),
        ((page("a"), page()), "a", False, "page 2 is empty"),
        ((page("a", "a", "b"), page("b", "c", more=False)), "abc", True, None),
        ((page("a"), ResponseFormatError("$", "x")), "a", False, "page 2 of ? failed"),
    ],
)
async def test_the_way_to_the_end(
    answers: tuple[Any, ...], ids: str, complete: bool, problem: str | None
) -> None:
    method, asked = pages(*answers)
    found = await paginate(method).collect()
    assert "".join(file.id for file in found.data) == ids
    assert found.complete is complete
    assert (found.problem is None) if problem is None else problem in (found.problem or "")
    assert (found.error is None) is (problem is None)
    assert len(asked) <= 4


async def test_circles_are_an_error_for_who_iterates() -> None:
    method, _ = pages(page("a"), page("a"))
    with pytest.raises(PagingError) as caught:
        _ = [file async for file in paginate(method)]
    assert (caught.value.pages, caught.value.items) == (2, 1)


async def test_the_cap_is_said() -> None:
    numbers = iter(range(100))

    async def endless(**params: Any) -> Page[File]:
        return page(f"f{next(numbers)}")

    found = await paginate(endless, max_pages=5).collect()
    assert (len(found.data), found.complete) == (5, False)
    assert found.problem == "stopped after 5 pages, the server has more"
    with pytest.raises(ArgumentError, match="max_pages"):
        paginate(endless, max_pages=0)


async def test_ids_start_and_parameters_go_with_every_page() -> None:
    method, asked = pages(page("a"), page("b", more=False))
    assert (await paginate(method, "t", after="start", limit=1).collect()).complete
    assert asked == [
        {"ids": ("t",), "limit": 1, "after": "start"},
        {"ids": ("t",), "limit": 1, "after": "a"},
    ]
    method, asked = pages(page("a", more=False))
    assert (await paginate(method, cursor="after_id").collect()).complete
    assert asked == [{"after_id": None}]


async def test_a_pager_can_be_used_again_and_no_page_is_fetched_before_it_is_needed() -> None:
    method, asked = pages(page("a", "b"), page("c", more=False))
    pager = paginate(method)
    async for file in pager:
        assert file.id == "a"
        break
    assert len(asked) == 1
    asked.clear()
    assert [file.id async for file in pager] == ["a", "b", "c"]


@given(
    st.lists(st.tuples(st.lists(st.sampled_from("abcdef"), max_size=3), st.sampled_from([True, False, None])))
)
async def test_every_list_ends_and_names_each_item_once(script: list[tuple[list[str], bool | None]]) -> None:
    method, asked = pages(*[page(*ids, more=more) for ids, more in script], page(more=None))
    found = await paginate(method).collect()
    names = [file.id for file in found.data]
    assert len(names) == len(set(names))
    assert found.complete is (found.problem is None)
    assert len(asked) <= 8
