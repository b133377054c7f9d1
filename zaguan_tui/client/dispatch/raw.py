"""``client.raw``: calls outside the catalogue, with their answers unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.client.catalogue.declare import match
from zaguan_tui.client.catalogue.endpoint import CallClass, Endpoint, Priority
from zaguan_tui.client.dispatch.call import JSON_TYPE, Call, QueryValue, json_body, query_string
from zaguan_tui.client.dispatch.dispatcher import Dispatcher
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.dispatch.reply import RawReply
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.exceptions import APIError, ArgumentError, TransportError
from zaguan_tui.client.requests.sentences import describe_value

_READS = ("GET", "HEAD", "OPTIONS")


class RawCalls:
    """``client.raw``: any method and path of the gateway, with its keys, limits, retries and observers."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, QueryValue] | None = None,
        content: bytes | None = None,
        content_type: str = "application/octet-stream",
        accept: str = JSON_TYPE,
        check: bool = True,
        options: RequestOptions | None = None,
    ) -> RawReply:
        """Make a call and hand back status, headers and body. ``path`` is percent-encoded by the caller.

        An error status is raised as an :class:`APIError`; with ``check=False`` it is handed back too, its
        body redacted and capped at 64 KiB. A call the catalogue knows follows its retry rules; of the
        others only GET, HEAD and OPTIONS count as reads.
        """
        verb = method.upper()
        if not path.startswith("/") or path.startswith("//") or not path.isascii() or not path.isprintable():
            clean = self._dispatcher.gateway.redactor_for(self._dispatcher.options).text(path)
            raise ArgumentError(
                "path", f"is {describe_value(clean)}", "a path of the gateway, such as /v1/models"
            )
        if "?" in path or "#" in path or " " in path:
            raise ArgumentError("path", "holds a query, a fragment or a space", "params={…} for the query")
        if json is not None and content is not None:
            raise ArgumentError("content", "is given beside json", "one of the two")
        call = Call(
            endpoint=match(verb, path) or _uncatalogued(verb, path),
            path=path,
            query=query_string(params),
            body=content if json is None else json_body(json),
            content_type=content_type if json is None else JSON_TYPE,
            accept=accept,
            options=options or RequestOptions(),
        )
        try:
            return await self._dispatcher.send(call)
        except APIError as error:
            if check or isinstance(error, TransportError) or error.status is None:
                raise
            meta = error.meta or ResponseMeta(status=error.status)
            return RawReply(error.status, meta.headers, error.raw, meta, call.endpoint.label)


def _uncatalogued(method: str, path: str) -> Endpoint:
    """A row for a call nobody described: careful with retries unless the method itself is harmless."""
    return Endpoint(
        method=method,
        path=path,
        section="raw",
        priority=Priority.LOW,
        names=("request",),
        call_class=CallClass.READ if method in _READS else CallClass.ACT,
        admin=path.startswith("/v1/admin/"),
        extension=True,
    )
