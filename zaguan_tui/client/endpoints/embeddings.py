"""Embeddings call (wire reference §3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.requests.body import build_body

if TYPE_CHECKING:
    from zaguan_tui.client.types.answers.embeddings import EmbeddingList

EmbeddingInput = str | Sequence[str] | Sequence[int] | Sequence[Sequence[int]]
"""One text, texts, one list of token ids, or several."""


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

        params = {
            "encoding_format": encoding_format,
            "dimensions": dimensions,
            "user": user,
            "provider_specific_params": provider_specific_params,
            "additional_fields": additional_fields,
        }
        body = build_body("create_embeddings", {"model": model, "input": input}, params)
        return await self._read(row, read_embeddings, body=body, options=options)
