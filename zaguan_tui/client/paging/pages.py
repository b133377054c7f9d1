"""``paginate``: iteration over all pages of a list, with guards against repeated cursors.

Rules of the wire reference §9 (OpenAI's lists): the way on is ``after`` with the last id, until ``has_more``
is false, or, where the server does not say, until a page is empty or brings nothing new.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from zaguan_tui.client.errors.exceptions import APIError, ArgumentError, ResponseFormatError, ZaguanError
from zaguan_tui.client.types.core.page import Entity, Page

E = TypeVar("E", bound=Entity)

MAX_PAGES = 1000
"""A list with more pages than that is cut, and said to be cut."""


class PagingError(ZaguanError):
    """A list could not be read to its end; ``pages`` pages with ``items`` items came before."""

    def __init__(self, problem: str, *, pages: int, items: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.pages = pages
        self.items = items


@dataclass(frozen=True, slots=True)
class Collection(Generic[E]):
    """What could be had of a list. ``complete`` is true if that is all of it.

    Otherwise ``problem`` says why not ("page 3 of ? failed: …"), and ``error`` is the error behind it.
    """

    data: tuple[E, ...]
    pages: int
    complete: bool
    problem: str | None = None
    error: ZaguanError | None = None


class Pager(Generic[E]):
    """An async iterable over all items of a list; each item comes once. Made by :func:`paginate`.

    ``pages`` counts the pages read in the latest pass, ``complete`` tells whether it came to the end,
    ``notes`` what was odd.
    """

    def __init__(self, fetch: Callable[[str | None], Awaitable[Page[E]]], *, max_pages: int) -> None:
        self._fetch = fetch
        self._max_pages = max_pages
        self._reset()

    def _reset(self) -> None:
        self.pages = 0
        self.items = 0
        self.complete = False
        self.notes: tuple[str, ...] = ()

    def __aiter__(self) -> AsyncIterator[E]:
        return self._all()

    async def by_page(self) -> AsyncIterator[tuple[E, ...]]:
        """The new items of one page after the other.

        Raises what the list call raises, and :class:`PagingError` when the server goes in circles or the cap
        is reached. What came before stays with the caller.
        """
        self._reset()
        seen: set[str] = set()
        cursor: str | None = None
        seen_cursors: set[str] = set()
        while True:
            if self.pages >= self._max_pages:
                raise self._stop(f"stopped after {self.pages} pages, the server has more")
            page = await self._fetch(cursor)
            self.pages += 1
            self.notes += page.notes
            fresh = tuple({item.id: item for item in page.data if item.id not in seen}.values())
            seen.update(item.id for item in fresh)
            self.items += len(fresh)
            if fresh:
                yield fresh
            at_end = not fresh or page.next_cursor is None
            if page.has_more is False or (page.has_more is None and at_end):
                self.complete = True
                return
            cursor = self._way_on(page, fresh, seen_cursors)
            seen_cursors.add(cursor)

    async def collect(self) -> Collection[E]:
        """All items, or those that came before a page failed. Raises only if the first page does."""
        entries: list[E] = []
        problem: str | None = None
        failure: ZaguanError | None = None
        try:
            async for items in self.by_page():
                entries += items
        except PagingError as error:
            problem, failure = error.problem, error
        except (APIError, ResponseFormatError) as error:
            if not self.pages:
                raise
            problem, failure = f"page {self.pages + 1} of ? failed: {error}", error
        return Collection(tuple(entries), self.pages, self.complete, problem, failure)

    async def _all(self) -> AsyncIterator[E]:
        async for items in self.by_page():
            for item in items:
                yield item

    def _way_on(self, page: Page[E], fresh: tuple[E, ...], seen_cursors: set[str]) -> str:
        cursor = page.next_cursor
        if cursor is None and fresh:
            raise self._stop(f"page {self.pages} names no id to go on from, yet the server has more")
        if cursor is None:
            raise self._stop(f"page {self.pages} is empty, yet the server says that it has more")
        if cursor in seen_cursors:
            raise self._stop(f"page {self.pages} leads back to where the list already was")
        if not fresh:
            raise self._stop(f"page {self.pages} brought nothing new, yet the server says that it has more")
        return cursor

    def _stop(self, problem: str) -> PagingError:
        return PagingError(problem, pages=self.pages, items=self.items)


def paginate(
    method: Callable[..., Awaitable[Page[E]]],
    *ids: str,
    max_pages: int = MAX_PAGES,
    cursor: str = "after",
    **params: Any,
) -> Pager[E]:
    """All items of a list call: ``async for file in paginate(client.list_files, purpose="batch")``.

    ``ids`` and ``params`` go to ``method`` with every page, the way on as the parameter ``cursor``; it may be
    given in ``params`` to start further down. Pages are fetched when they are needed, one at a time.
    """
    if max_pages < 1:
        raise ArgumentError("max_pages", f"is {max_pages}", "1 or more")
    start = params.pop(cursor, None)

    async def fetch(after: str | None) -> Page[E]:
        return await method(*ids, **{**params, cursor: after or start})

    return Pager(fetch, max_pages=max_pages)
