"""GET /v1/credits/history and /v1/credits/stats: one body for all three SDKs (wire.md 5.3, 5.4 and 15)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.ledger.credit_stats import BUCKETS, stats_body
from zaguan_tui.sandbox.engine.ledger.history import HistoryPage, Position, Selection, cursor, read_cursor
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError, invalid_request

_MAX_ROWS = 1000
_DEFAULT_ROWS = 100
_STATUSES = {
    **dict.fromkeys(("success", "completed", "succeeded", "ok"), "success"),
    **dict.fromkeys(("error", "failed", "failure"), "error"),
    **dict.fromkeys(("rate_limited", "throttled", "429"), "rate_limited"),
}
_PERIOD_DAYS = {"day": 1, "week": 7, "month": 30, "all_time": None}
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_DIMENSIONS = frozenset({"provider", "model", "band", "day"})


async def get_history(request: Request) -> Response:
    """One page of calls, newest first; by ``limit`` and ``cursor``, or by ``page`` and ``page_size``."""
    gateway: Gateway = request.app.state.gateway
    gateway.catch_up()
    query = request.query_params
    by_page = "page" in query or "page_size" in query
    if by_page and "cursor" in query:
        raise invalid_request("Send either 'cursor' or 'page', not both.", "cursor")
    size = _count(request, "page_size" if "page_size" in query else "limit", _DEFAULT_ROWS, _MAX_ROWS)
    number = _count(request, "page", 1, 10**9)
    place = Position(skip=(number - 1) * size)
    if query.get("cursor"):
        try:
            place = Position(after=read_cursor(query["cursor"]))
        except ValueError as error:
            message = "'cursor' must be a 'next_cursor' of an earlier answer."
            raise invalid_request(message, "cursor") from error
    selection = _selection(request, gateway, None)
    wrong = next(
        (step.gateway_fault for step in gateway.conditions.gateway_faults(gateway.clock.elapsed())), ""
    )
    if wrong in ("lost-page", "double-page"):
        page = await _wrong_page(gateway, selection, place, size, lost=wrong == "lost-page")
    else:
        page = await gateway.history.page(selection, place, size)
    return JSONResponse(
        {
            "entries": [_entry(row) for row in page.rows],
            "total": page.total,
            "total_entries": page.total,
            "has_more": page.following is not None,
            "next_cursor": page.following,
            "page": number,
            "page_size": size,
        }
    )


async def get_stats(request: Request) -> Response:
    """Sums of a window: of whole days with ``period``, of any span with ``start_date`` and ``end_date``."""
    gateway: Gateway = request.app.state.gateway
    gateway.catch_up()
    period = request.query_params.get("period", "month")
    if period not in _PERIOD_DAYS:
        raise invalid_request(f"'period' must be one of {', '.join(_PERIOD_DAYS)}.", "period")
    words = [word for word in request.query_params.get("group_by", "day").split(",") if word]
    if not set(words) <= _DIMENSIONS | set(BUCKETS):
        raise invalid_request("'group_by' knows provider, model, band, day, week and month.", "group_by")
    bucket = next((word for word in words if word in BUCKETS), "day")
    selection = _selection(request, gateway, _PERIOD_DAYS[period])
    groups = await gateway.history.groups(selection)
    first = min((group.day for group in groups), default=0) * 86_400
    start = datetime.fromtimestamp(max(selection.since, first), UTC)
    end = min(datetime.fromtimestamp(selection.until, UTC), gateway.clock.now())
    body = stats_body(groups, bucket)
    return JSONResponse(
        {"period": period, "start_date": format_instant(start), "end_date": format_instant(end), **body}
    )


async def _wrong_page(
    gateway: Gateway, selection: Selection, place: Position, size: int, *, lost: bool
) -> HistoryPage:
    """A page of a gateway that loses its second page, or sends its first one twice."""
    if place.after is None and place.skip:
        skip = place.skip + (size if lost else -size)
        return await gateway.history.page(selection, Position(skip=skip), size)
    if place.after is not None:
        return await gateway.history.page(selection, place, size)
    if lost:
        double = await gateway.history.page(selection, place, 2 * size)
        return HistoryPage(double.rows[:size], double.total, double.following)
    first = await gateway.history.page(selection, place, size)
    if not first.rows or first.following is None:
        return first
    newest = first.rows[0]
    return HistoryPage(first.rows, first.total, cursor({"ts": newest["ts"], "id": newest["id"] + 1}))


def _selection(request: Request, gateway: Gateway, days: int | None) -> Selection:
    """The rows a query asks for; ``days`` whole days when it names no dates, ``None``: all there is."""
    query = request.query_params
    now = gateway.clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = _EVER if days is None else midnight - timedelta(days=days - 1)
    since = _instant(query.get("start_date"), "start_date") or since
    until = _instant(query.get("end_date"), "end_date", whole_day=True) or midnight + timedelta(days=1)
    if until < since:
        raise invalid_request("'end_date' lies before 'start_date'.", "end_date")
    status = query.get("status")
    if status and status not in _STATUSES:
        raise invalid_request("'status' must be success, error or rate_limited.", "status")
    return Selection(
        since=since.timestamp(),
        until=until.timestamp(),
        model=_full_name(gateway, query.get("model")),
        provider=query.get("provider") or None,
        band=query.get("band") or None,
        status=_STATUSES[status] if status else None,
    )


def _full_name(gateway: Gateway, name: str | None) -> str | None:
    model = gateway.world.find(name) if name else None
    return model.id if model is not None else name or None


def _instant(text: str | None, name: str, *, whole_day: bool = False) -> datetime | None:
    """A date or an instant; with ``whole_day`` a bare date means its end."""
    if not text:
        return None
    try:
        # A "+" that was not encoded arrives as a space.
        instant = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
        instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        only_day = len(text.strip()) <= 10
        return (instant + timedelta(days=1) if whole_day and only_day else instant).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad_date(name) from error


def _bad_date(name: str) -> GatewayError:
    return invalid_request(f"'{name}' must be a date such as 2026-11-20 or 2026-11-20T09:00:00Z.", name)


def _count(request: Request, name: str, usual: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 12 and 1 <= int(text) <= most):
        raise invalid_request(f"'{name}' must be a whole number from 1 to {most}.", name)
    return int(text)


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    entry = {
        "id": f"cr_{row['id']}",
        "request_id": row["request_id"],
        "completion_id": row["completion_id"] or None,
        "timestamp": format_instant(datetime.fromtimestamp(row["ts"], UTC)),
        "model": row["model"],
        "provider": row["provider"],
        "band": row["band"],
        "prompt_tokens": row["prompt_tokens"],
        "completion_tokens": row["completion_tokens"],
        "total_tokens": row["prompt_tokens"] + row["completion_tokens"],
        "reasoning_tokens": row["reasoning_tokens"],
        "cached_tokens": row["cached_tokens"],
        "credits_debited": row["credits"],
        "cost": row["cost_nano"] / 1e9,
        "latency_ms": round(row["latency_ms"]),
        "status": row["status"],
        "metadata": {"tenant": row["tenant"]},
    }
    return {**entry, "error_message": row["error_message"]} if row["error_message"] else entry
