"""Request models of calls that list a collection page by page (OpenAI spec)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from zaguan_tui.client.requests.models.base import RequestModel, optional
from zaguan_tui.client.requests.models.fields import Choice, Integer, NonBlank

Order = Annotated[Literal["asc", "desc"], Choice()]


class PageQuery(RequestModel):
    """Which page to list, newest first."""

    source: ClassVar[str] = "OpenAI spec"

    limit: Annotated[int, Integer(1, 100)] | None = optional("Entries of a page; the server's default is 20.")
    after: NonBlank | None = optional("Id of the entry before the first of the page.")


class OrderedPageQuery(PageQuery):
    """Which page to list, in which order."""

    order: Order | None = optional("By age; the server's default is desc.")
    before: NonBlank | None = optional("Id of the entry after the last of the page.")


class ThreadMessagesQuery(OrderedPageQuery):
    """Which page of a thread's messages to list."""

    run_id: Any = optional("Only messages of this run.")
