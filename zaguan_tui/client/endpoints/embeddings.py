"""Texts as vectors (wire reference §3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.fields import Rule, checked, choice, mapping, whole, words

if TYPE_CHECKING:
    from zaguan_tui.client.types.answers.embeddings import EmbeddingList

MAX_INPUTS = 2048

EmbeddingInput = str | Sequence[str] | Sequence[int] | Sequence[Sequence[int]]
"""One text, texts, one list of token ids, or several."""

_RULES: Mapping[str, Rule] = {
    "encoding_format": choice("float", "base64"),
    "dimensions": whole(1),
    "user": words(),
    "provider_specific_params": mapping,
}


class EmbeddingEndpoints(EndpointGroup):
    """``/v1/embeddings``."""

    @endpoint("POST", "/v1/embeddings")
    async def create_embeddings(
        self,
        row: Endpoint,
        *,
        model: str,
        input: EmbeddingInput,  # noqa: A002 - the wire's own name
        encoding_format: str | None = None,
        dimensions: int | None = None,
        user: str | None = None,
        provider_specific_params: Mapping[str, Any] | None = None,
        additional_fields: Mapping[str, Any] | None = None,
        options: RequestOptions | None = None,
    ) -> EmbeddingList:
        """One vector of 32-bit floats per input, in the inputs' order, at most 2048 at once.

        ``encoding_format="base64"`` takes a quarter of the bytes of ``float`` and next to no time to read.
        """
        from zaguan_tui.client.types.answers.embeddings import read_embeddings

        words()("model", model)
        _check_input(input)
        requested_settings = {
            "encoding_format": encoding_format,
            "dimensions": dimensions,
            "user": user,
            "provider_specific_params": provider_specific_params,
            "additional_fields": additional_fields,
        }
        body = {"model": model, "input": input, **checked("create_embeddings", _RULES, requested_settings)}
        return await self._read(row, read_embeddings, body=body, options=options)


def _check_input(given: object) -> None:
    if isinstance(given, str):
        words()("input", given)
        return
    if not isinstance(given, (list, tuple)):
        raise ArgumentError("input", f"is a {type(given).__name__}", "a text or a list of texts or token ids")
    if not given:
        raise ArgumentError("input", "is empty", "at least one entry")
    if all(isinstance(token, int) for token in given):
        return
    if len(given) > MAX_INPUTS:
        raise ArgumentError("input", f"has {len(given)} entries", f"at most {MAX_INPUTS}")
    for place, item in enumerate(given):
        if isinstance(item, (list, tuple)) and item and all(isinstance(token, int) for token in item):
            continue
        words()(f"input[{place}]", item)
