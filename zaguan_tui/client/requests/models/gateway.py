"""Request models of credits, admin and realtime calls (wire reference §5, §6.4, §7)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.models.base import RequestModel, optional, refusal, required
from zaguan_tui.client.requests.models.fields import Check, Choice, Integer, NonBlank
from zaguan_tui.client.requests.sentences import describe_value
from zaguan_tui.client.requests.timestamps import format_timestamp

GROUPINGS = ("provider", "model", "band", "day", "week", "month")
"""Dimensions (zaguan-sdk-go, combined at will) and buckets (zaguan-sdk-ts); ``day`` is both (D15)."""


def _refuse_bad_time(value: Any) -> None:
    try:
        format_timestamp("", value)
    except ArgumentError as error:
        raise refusal("time", error.problem, error.allowed) from None


Time = Annotated[
    str, Check(_refuse_bad_time, {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})
]


class HistoryRequest(RequestModel):
    """Which page of which debits to list, newest first."""

    source: ClassVar[str] = (
        "zaguan-sdk-go (all filters, limit, cursor), zaguan-sdk-py (limit, cursor),"
        " zaguan-sdk-ts (start_date, end_date, model, provider, page, page_size) (D9)"
    )

    start_date: Time | None = optional("First day, or first instant, in RFC 3339.")
    end_date: Time | None = optional("Last day, or last instant.")
    model: NonBlank | None = optional("Only this model.")
    provider: NonBlank | None = optional("Only this provider.")
    band: NonBlank | None = optional("Only this band.")
    status: NonBlank | None = optional("Only requests that ended so.")
    limit: Annotated[int, Integer(1)] | None = optional("Rows of a page.")
    cursor: NonBlank | None = optional("Where the page begins, as the page before says.")
    page: Annotated[int, Integer(1)] | None = optional("Number of the page.")
    page_size: Annotated[int, Integer(1)] | None = optional("Rows of a page, beside page.")
    offset: Annotated[int, Integer(0)] | None = optional("Rows to leave out.")


def _refuse_bad_grouping(value: Any) -> None:
    for group in value.split(",") if isinstance(value, str) else value:
        if group not in GROUPINGS:
            raise refusal("choice", f"is {describe_value(group)}", ", ".join(GROUPINGS))


class StatsRequest(RequestModel):
    """Which statistics of the credits to give."""

    source: ClassVar[str] = "zaguan-sdk-go, zaguan-sdk-py, zaguan-sdk-ts (D15)"

    period: Annotated[Literal["day", "week", "month", "all_time"], Choice()] | None = optional(
        "Window up to now (zaguan-sdk-py has the first three)."
    )
    group_by: (
        Annotated[str, Check(_refuse_bad_grouping, {"type": "string", "examples": list(GROUPINGS)})] | None
    ) = optional("Dimensions or bucket, joined with commas; day is understood by all.")
    start_date: Time | None = optional("First day, or first instant, in RFC 3339.")
    end_date: Time | None = optional("Last day, or last instant.")
    model: NonBlank | None = optional("Only this model.")
    provider: NonBlank | None = optional("Only this provider.")
    band: NonBlank | None = optional("Only this band.")


class AdminRequest(RequestModel):
    """An act on the running gateway; the body is left out when no reason is given."""

    source: ClassVar[str] = "proposal"

    reason: NonBlank | None = optional("Why, for the gateway's log.")


class RealtimeQuery(RequestModel):
    """Address of a realtime session."""

    source: ClassVar[str] = "OpenAI spec"

    model: NonBlank = required("Id of the model.")
