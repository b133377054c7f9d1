"""Credits calls: balance, history and statistics (wire reference §5.2 to §5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint, find_endpoint
from zaguan_tui.client.dispatch.call import QueryValue
from zaguan_tui.client.dispatch.options import RequestOptions, ServerDialect
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import build_query, check_request
from zaguan_tui.client.types.account.credits import CreditsBalance, read_credits_balance

if TYPE_CHECKING:
    from zaguan_tui.client.paging.credits_history import HistoryPager
    from zaguan_tui.client.requests.history_query import HistoryQuery
    from zaguan_tui.client.requests.timestamps import Timestamp
    from zaguan_tui.client.types.account.credits_history import CreditsHistoryPage
    from zaguan_tui.client.types.account.credits_stats import CreditsStats

PAGE_SIZE = 100
"""Rows that the pager asks for at a time."""


class CreditEndpoints(EndpointGroup):
    """``/v1/credits``."""

    @endpoint("GET", "/v1/credits/balance")
    async def get_credits_balance(
        self, row: Endpoint, *, options: RequestOptions | None = None
    ) -> CreditsBalance:
        """Credits left, used and granted, the tier and its bands, and when the account is filled again."""
        return await self._read(row, read_credits_balance, options=options)

    @endpoint("GET", "/v1/credits/history")
    async def get_credits_history(
        self,
        row: Endpoint,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        page: int | None = None,
        page_size: int | None = None,
        offset: int | None = None,
        query: HistoryQuery | None = None,
        options: RequestOptions | None = None,
    ) -> CreditsHistoryPage:
        """One page of debits, newest first, as the server sends it.

        ``limit`` with ``cursor`` is how Go and Python page, ``page`` (from 1) with ``page_size`` how
        TypeScript does (D9): to a server of that dialect, ``limit`` alone goes out as its first page.
        :meth:`iter_credits_history` finds out by itself.
        """
        from zaguan_tui.client.requests.history_query import HistoryQuery

        place = {"limit": limit, "cursor": cursor, "page": page, "page_size": page_size, "offset": offset}
        params = {**(query or HistoryQuery()).params(), **build_query(row.name, **place)}
        if self._numbers_pages and limit is not None and (cursor, page, page_size, offset) == (None,) * 4:
            params |= {"limit": None, "page": 1, "page_size": limit}
        return await self._history_page(row, params, options=options)

    def iter_credits_history(
        self,
        *,
        page_size: int = PAGE_SIZE,
        numbered: bool | None = None,
        start_date: Timestamp | None = None,
        end_date: Timestamp | None = None,
        model: str | None = None,
        provider: str | None = None,
        band: str | None = None,
        status: str | None = None,
        options: RequestOptions | None = None,
    ) -> HistoryPager:
        """Every page in turn, by cursor, page number or offset; its ``coverage`` says whether that is all.

        ``numbered`` asks for page 1 by number from the start, for servers known to page like that; ``None``:
        as the client's ``dialect`` says. Filters are sent and applied again to what comes. Raises
        :class:`~..errors.ArgumentError` at once.
        """
        from zaguan_tui.client.paging.credits_history import HistoryPager
        from zaguan_tui.client.requests.history_query import HistoryQuery

        row = find_endpoint("GET", "/v1/credits/history")
        check_request(row.name, {"page_size": page_size})
        query = HistoryQuery(
            start_date=start_date,
            end_date=end_date,
            model=model,
            provider=provider,
            band=band,
            status=status,
        )

        async def fetch(params: Mapping[str, QueryValue]) -> CreditsHistoryPage:
            return await self._history_page(row, params, options=options)

        try:
            return HistoryPager(
                fetch,
                query,
                page_size=page_size,
                numbered=self._numbers_pages if numbered is None else numbered,
            )
        except ArgumentError as error:
            raise self._presentable(error) from None

    @endpoint("GET", "/v1/credits/stats")
    async def get_credits_stats(
        self,
        row: Endpoint,
        *,
        period: str | None = None,
        start_date: Timestamp | None = None,
        end_date: Timestamp | None = None,
        group_by: str | Sequence[str] | None = "day",
        model: str | None = None,
        provider: str | None = None,
        band: str | None = None,
        options: RequestOptions | None = None,
    ) -> CreditsStats:
        """Credits over a window: totals, a series, and shares by provider, model and band.

        ``group_by`` means dimensions to one dialect and buckets to the other; ``day`` is the only word both
        take, so leave it at that unless the server's dialect is known (D15). ``None`` sends none.
        """
        from zaguan_tui.client.requests.timestamps import format_timestamp
        from zaguan_tui.client.types.account.credits_stats import read_credits_stats

        groups = [group_by] if isinstance(group_by, str) else list(group_by or ())
        params = build_query(
            row.name,
            period=period,
            start_date=format_timestamp("start_date", start_date),
            end_date=format_timestamp("end_date", end_date),
            group_by=groups or None,
            model=model,
            provider=provider,
            band=band,
        )
        params["group_by"] = ",".join(groups) or None
        return await self._read(row, read_credits_stats, params=params, options=options)

    @property
    def _numbers_pages(self) -> bool:
        return self._dispatcher.options.dialect is ServerDialect.TS

    async def _history_page(
        self, row: Endpoint, params: Mapping[str, QueryValue], *, options: RequestOptions | None
    ) -> CreditsHistoryPage:
        from zaguan_tui.client.types.account.credits_history import read_credits_history_page

        return await self._read(row, read_credits_history_page, params=params, options=options)
