"""JSON bodies and queries of calls: what the caller gave, checked by the call's model, nothing added.

The model is imported by the first call that gives anything to check (pydantic takes about 100 ms to import).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.sentences import check_known, describe_type

EXTRA = "additional_fields"
"""The parameter whose members go into a body as they are, for fields we do not know."""

_loaded: set[str] = set()


def check_request(call: str, body: Mapping[str, Any]) -> None:
    """Raise :class:`ArgumentError` for the first thing in ``body`` that no server would take."""
    from zaguan_tui.client.requests.validation import check_request

    check_request(call, body)


async def load_model(call: str) -> None:
    """Import and build the model of ``call`` in a thread, so that its first use holds up no event loop."""
    if call not in _loaded:
        from asyncio import to_thread

        await to_thread(_build_model, call)
        _loaded.add(call)


def _build_model(call: str) -> None:
    from zaguan_tui.client.requests.validation import model_for

    try:
        model_for(call)
    except LookupError:
        return  # The call sends nothing: what it was given is the id in its path.


def given_params(
    call: str, params: Mapping[str, Any], known: type | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The ``params`` that are not ``None``, and the fields that go into the body unchecked.

    ``known`` is the ``TypedDict`` of the call's parameters. Raises :class:`ArgumentError` for one that is not
    in it, naming the nearest one.
    """
    if known is not None:
        check_known(tuple(known.__annotations__), params, call)
    fields = {name: value for name, value in params.items() if value is not None}
    extra = fields.pop(EXTRA, {})
    if not isinstance(extra, Mapping):
        raise ArgumentError(EXTRA, describe_type(extra), "a mapping")
    return fields, dict(extra)


def build_body(
    call: str,
    required: Mapping[str, Any],
    params: Mapping[str, Any] | None = None,
    known: type | None = None,
    *,
    files: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of ``call``: ``required`` fields, then those of ``params`` that are given.

    ``known`` as in :func:`given_params`; ``files`` are checked with them and are no part of the result.
    Raises :class:`ArgumentError` for anything that no server would take.
    """
    fields, extra = given_params(call, params or {}, known)
    body = {**required, **fields}
    check_request(call, {**(files or {}), **body})
    return {**body, **extra}


def build_query(call: str, **params: Any) -> dict[str, Any]:
    """``params`` as the query of ``call``, checked where they are given."""
    given = {name: value for name, value in params.items() if value is not None}
    if given:
        check_request(call, given)
    return params
