"""Endpoint catalogue: look-up of rows, and the ``@endpoint`` decorator that ties a client method to its row.

52 method+path pairs, 54 methods (chat and messages have a streaming method too), and the extensions that real
servers offer beyond the catalogue. Everything else that needs the list (doctor, inspector labels, README
table, coverage tests) reads it here.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, Concatenate, ParamSpec, TypeVar

from zaguan_tui.client.catalogue.endpoint import CallClass as CallClass
from zaguan_tui.client.catalogue.endpoint import Endpoint as Endpoint
from zaguan_tui.client.catalogue.endpoint import Priority as Priority
from zaguan_tui.client.catalogue.rows import EXTENSION_ROWS, ROWS
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import load_model

CATALOGUE: tuple[Endpoint, ...] = ROWS
"""The 52 rows of the catalogue, in its order."""

EXTENSIONS: tuple[Endpoint, ...] = EXTENSION_ROWS
"""Calls outside the catalogue, each to be detected on a server before a screen relies on it."""

_BY_CALL = {(row.method, row.path): row for row in (*CATALOGUE, *EXTENSIONS)}
_BY_NAME = {name: row for row in (*CATALOGUE, *EXTENSIONS) for name in row.names}
_ROW_ATTRIBUTE = "__endpoint__"

S = TypeVar("S")
P = ParamSpec("P")
R = TypeVar("R")


def find_endpoint(method: str, path: str) -> Endpoint:
    """The row declared as ``method`` and ``path`` template; raises ``LookupError`` if there is none."""
    try:
        return _BY_CALL[method, path]
    except KeyError:
        raise LookupError(f"the catalogue has no {method} {path}") from None


def endpoint_of_method(name: str) -> Endpoint:
    """The row that the client method ``name`` calls; raises ``LookupError`` if there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise LookupError(f"the catalogue has no method {name}") from None


def match(method: str, path: str) -> Endpoint | None:
    """The row that a real path such as ``/v1/batches/batch_1`` belongs to, if any; fixed paths win."""
    rows = [
        row for row in _BY_CALL.values() if row.method == method.upper() and _pattern(row).fullmatch(path)
    ]
    return min(rows, key=lambda row: len(row.placeholders), default=None)


def endpoint(
    method: str, path: str
) -> Callable[[Callable[Concatenate[S, Endpoint, P], R]], Callable[Concatenate[S, P], R]]:
    """Declare that a client method makes this call. The row is handed to the method as its second argument.

    Refuses, at import time, a call the catalogue does not know and a method name that is not the catalogue's.
    """
    row = find_endpoint(method, path)

    def declare(function: Callable[Concatenate[S, Endpoint, P], R]) -> Callable[Concatenate[S, P], R]:
        if function.__name__ not in row.names:
            raise LookupError(f"{row.label} is called {' or '.join(row.names)}, not {function.__name__}")

        call: Callable[..., Any]
        call = (
            _wrap_coroutine_method(function, row)
            if inspect.iscoroutinefunction(function)
            else _wrap_method(function, row)
        )
        setattr(call, _ROW_ATTRIBUTE, row)
        call.__signature__ = _without_row(function)  # type: ignore[attr-defined]  # read by inspect.signature
        return call

    return declare


def list_implemented(client_class: type) -> dict[str, Endpoint]:
    """Method name to row, for every declared method that ``client_class`` really has."""
    implemented: dict[str, Endpoint] = {}
    for name, row in _BY_NAME.items():
        if getattr(getattr(client_class, name, None), _ROW_ATTRIBUTE, None) is row:
            implemented[name] = row
    return implemented


def method_names(rows: Iterable[Endpoint] = CATALOGUE) -> tuple[str, ...]:
    """The client methods of ``rows``, in order."""
    return tuple(name for row in rows for name in row.names)


def _wrap_method(
    function: Callable[Concatenate[S, Endpoint, P], R], row: Endpoint
) -> Callable[Concatenate[S, P], R]:
    @functools.wraps(function)
    def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(self, row, *args, **kwargs)
        except ArgumentError as error:
            raise _presentable(self, error) from None

    return call


def _wrap_coroutine_method(
    function: Callable[Concatenate[S, Endpoint, P], Any], row: Endpoint
) -> Callable[Concatenate[S, P], Any]:
    @functools.wraps(function)
    async def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Any:
        if kwargs.keys() - {"options"}:
            await load_model(function.__name__)
        try:
            return await function(self, row, *args, **kwargs)
        except ArgumentError as error:
            raise _presentable(self, error) from None

    return call


def _presentable(client: object, error: ArgumentError) -> ArgumentError:
    """``error`` as the client would have it told: an argument that was refused may hold its key."""
    clean: Callable[[ArgumentError], ArgumentError] | None = getattr(client, "_presentable", None)
    return error if clean is None else clean(error)


def _without_row(function: Callable[..., object]) -> inspect.Signature:
    signature = inspect.signature(function)
    itself, _row, *others = signature.parameters.values()
    return signature.replace(parameters=[itself, *others])


@functools.cache
def _pattern(row: Endpoint) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", row.path)
    names = pieces[1::2]
    texts = [re.escape(piece) for piece in pieces[::2]]
    groups = [".+" if name == "model_id" else "[^/]+" for name in names]
    return re.compile("".join(text + group for text, group in zip(texts, [*groups, ""], strict=True)))
