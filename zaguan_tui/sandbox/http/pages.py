"""One page of a list by id, with OpenAI's words (``after``) or Anthropic's (``after_id``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from zaguan_tui.sandbox.engine.ledger.object_store import Body, public_fields
from zaguan_tui.sandbox.http.errors import invalid_request


def openai_page(
    request: Request, newest_first: Sequence[Body], *, usual: int = 20, most: int = 100
) -> dict[str, Any]:
    """``{object, data, first_id, last_id, has_more}``; an empty page has no ids. Raises a 400."""
    order = request.query_params.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid_request("'order' must be asc or desc.", "order")
    rows = list(newest_first) if order == "desc" else list(reversed(newest_first))
    limit = _limit(request, usual, most)
    page = {"object": "list", **_cut(request, rows, limit, "after", "before")}
    # The API document types both ids as text: a null is not allowed.
    return page if page["data"] else {key: page[key] for key in ("object", "data", "has_more")}


def anthropic_page(request: Request, newest_first: Sequence[Body]) -> dict[str, Any]:
    """``{data, has_more, first_id, last_id}`` (Anthropic docs)."""
    return _cut(request, list(newest_first), _limit(request, 20, 1000), "after_id", "before_id")


def _cut(request: Request, rows: list[Body], limit: int, after: str, before: str) -> dict[str, Any]:
    query = request.query_params
    if query.get(after):
        rows = rows[_place(rows, query[after], after) + 1 :]
    if query.get(before):
        rows = rows[: _place(rows, query[before], before)]
        page = rows[-limit:] if not query.get(after) else rows[:limit]
    else:
        page = rows[:limit]
    return {
        "data": [public_fields(row) for row in page],
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
        "has_more": len(rows) > len(page),
    }


def _place(rows: Sequence[Body], name: str, param: str) -> int:
    for place, row in enumerate(rows):
        if row["id"] == name:
            return place
    raise invalid_request(f"'{param}' must be the id of an item of this list.", param)


def _limit(request: Request, usual: int, most: int) -> int:
    text = request.query_params.get("limit")
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise invalid_request(f"'limit' must be a whole number from 1 to {most}.", "limit")
    return int(text)
