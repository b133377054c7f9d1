"""``HistoryPager``: credits history by cursor, page number or offset (wire reference §5.3, §9; D8, D9)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zaguan_tui.client.errors.exceptions import ZaguanError
from zaguan_tui.client.requests.history_query import HistoryQuery

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.call import QueryValue
    from zaguan_tui.client.types.account.credits_history import CreditEntry, CreditsHistoryPage

MAX_PAGES = 10_000
"""Nobody's history is that long: a server that goes on is running in circles (proposal)."""

FetchPage = Callable[[Mapping[str, "QueryValue"]], Awaitable["CreditsHistoryPage"]]
"""Asks for one page with these query parameters."""


@dataclass(frozen=True, slots=True)
class HistoryCoverage:
    """How much of the history has been read.

    ``rows`` counts different rows as the server sent them, before our own filters; ``total`` is the server's
    lowest count, mostly that of the first page: rows that are debited while we read come on top of the list
    and were not asked for. ``complete`` is true only when the end was really reached; otherwise ``reason``
    says why what we have is partial (``None`` while there is simply more to read).
    """

    pages: int = 0
    rows: int = 0
    total: int | None = None
    complete: bool = False
    reason: str | None = None

    @property
    def is_partial(self) -> bool:
        """Whether sums over what was read must say "partial"."""
        return not self.complete

    def __str__(self) -> str:
        rows = f"{self.rows:,} rows" if self.total is None else f"{self.rows:,} of {self.total:,} rows"
        pages = f"{self.pages} page" + ("" if self.pages == 1 else "s")
        if self.complete:
            return f"{rows}, {pages}"
        return f"{rows}, {pages}, partial" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class _Step:
    """The next page to ask for: its parameters, and which page that is where the server numbers them."""

    params: Mapping[str, QueryValue]
    page: int | None = None


class HistoryPager:
    """An async iterator over pages. Rows met before are left out of later pages, as are unwanted ones.

    ::

        pager = client.iter_credits_history(start_date="2026-11-01")
        async for page in pager:
            ...
        print(pager.coverage)        # "1,180 of 1,200 rows, 12 pages, partial: …"

    The first answer shows the way on: cursor, page number or offset. When a page fails its error is raised,
    what came before is kept, and iterating again asks for the same page.
    """

    def __init__(
        self,
        fetch: FetchPage,
        query: HistoryQuery | None = None,
        *,
        page_size: int,
        numbered: bool = False,
        max_pages: int = MAX_PAGES,
    ) -> None:
        self._fetch = fetch
        self._query = query or HistoryQuery()
        self._filters = self._query.params()
        self._page_size = page_size
        self._max_pages = max_pages
        first: dict[str, QueryValue] = (
            {"page": 1, "page_size": page_size} if numbered else {"limit": page_size}
        )
        self._next: _Step | None = _Step(first, 1 if numbered else None)
        self._seen: set[str] = set()
        self._ways: set[tuple[str, str]] = set()
        self._gap: str | None = None
        self._coverage = HistoryCoverage()

    @property
    def coverage(self) -> HistoryCoverage:
        """What has been read so far, and whether that is all."""
        return self._coverage

    def __aiter__(self) -> HistoryPager:
        return self

    async def __anext__(self) -> CreditsHistoryPage:
        step = self._next
        if step is None:
            raise StopAsyncIteration
        try:
            page = await self._fetch({**self._filters, **step.params})
        except ZaguanError:
            of = "?" if (expected := self._pages_expected()) is None else str(expected)
            self._partial(f"page {self._coverage.pages + 1} of {of} failed")
            raise
        fresh = [entry for entry in page.data if entry.id not in self._seen]
        self._seen.update(entry.id for entry in fresh)
        self._coverage = HistoryCoverage(
            pages=self._coverage.pages + 1,
            rows=len(self._seen),
            total=_least(self._coverage.total, page.total),
            reason=self._gap,
        )
        self._next = self._way_on(page, step, new=bool(fresh))
        return replace(page, data=tuple(entry for entry in fresh if self._query.admits(entry)))

    async def entries(self) -> AsyncIterator[CreditEntry]:
        """The rows of all pages that are still to come, one by one."""
        async for page in self:
            for entry in page.data:
                yield entry

    def _way_on(self, page: CreditsHistoryPage, step: _Step, *, new: bool) -> _Step | None:
        """The step after ``page``; ``None`` at the end, whose quality is then settled in the coverage."""
        following = self._following(page)
        reason = self._stuck(page, step, following, new=new)
        if reason is None and following is not None and new:
            return following
        reason = reason or self._missing(page)
        if reason is None:
            self._coverage = replace(self._coverage, complete=True, reason=None)
        else:
            self._partial(reason)
        return None

    def _stuck(
        self, page: CreditsHistoryPage, step: _Step, following: _Step | None, *, new: bool
    ) -> str | None:
        """Why going on would lead nowhere, if so. A page that was left out is noted, and does not stop us."""
        if step.page is not None and page.page is not None and page.page != step.page:
            if page.page < step.page:
                return f"asked for page {step.page}, the server repeated page {page.page}"
            self._gap = f"page {step.page} is missing, the server sent page {page.page}"
        if following is None:
            return None
        if not new:
            return "a page without new rows" if page.data and not self._has_all() else None
        name = next(iter(following.params))
        way = (name, str(following.params[name]))
        if way in self._ways:
            return f"the server repeats its {name}"
        self._ways.add(way)
        at_cap = self._coverage.pages >= self._max_pages
        return f"stopped after {self._max_pages:,} pages" if at_cap else None

    def _missing(self, page: CreditsHistoryPage) -> str | None:
        """What is missing now that the server has no more for us; ``None`` if that is all."""
        coverage = self._coverage
        if page.has_more is True:
            return "the server says that there is more, but not how to get it"
        if self._gap is None and coverage.total is not None and not self._has_all():
            return f"{coverage.total - coverage.rows:,} rows are missing"
        return self._gap

    def _has_all(self) -> bool:
        return self._coverage.total is not None and self._coverage.rows >= self._coverage.total

    def _following(self, page: CreditsHistoryPage) -> _Step | None:
        """Where ``page`` says that more is; ``None`` when it says that this is all, or does not say how."""
        if page.next_cursor is not None:
            return _Step({"cursor": page.next_cursor, "limit": self._page_size})
        if page.has_more is False or not page.data:
            return None
        size = page.page_size or self._page_size
        if page.page is not None:
            last = page.total is not None and page.page * size >= page.total
            return None if last else _Step({"page": page.page + 1, "page_size": size}, page.page + 1)
        if page.offset is not None or page.next_offset is not None:
            after = page.next_offset if page.next_offset is not None else (page.offset or 0) + len(page.data)
            last = page.total is not None and after >= page.total
            return None if last else _Step({"offset": after, "limit": size})
        return None

    def _partial(self, reason: str) -> None:
        self._coverage = replace(self._coverage, complete=False, reason=reason)

    def _pages_expected(self) -> int | None:
        total = self._coverage.total
        return None if total is None else -(-total // self._page_size)


def _least(before: int | None, now: int | None) -> int | None:
    known = [total for total in (before, now) if total is not None]
    return min(known, default=None)
