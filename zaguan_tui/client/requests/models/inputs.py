"""Request models of embeddings and moderations (OpenAI spec; wire reference §3.3, §3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from zaguan_tui.client.requests.models.base import RequestModel, optional, refusal, required
from zaguan_tui.client.requests.models.fields import (
    AnyObject,
    Check,
    Choice,
    Integer,
    NonBlank,
    refuse_blank,
)
from zaguan_tui.client.requests.sentences import describe_type

MAX_INPUTS = 2048
_TEXT = {"type": "string", "pattern": r"\S"}
_TOKENS = {"type": "array", "items": {"type": "integer"}}


def _refuse_bad_inputs(value: Any) -> None:
    if isinstance(value, str):
        refuse_blank(value)
        return
    if not isinstance(value, (list, tuple)):
        raise refusal("list", describe_type(value), "a text or a list of texts or token ids")
    if not value:
        raise refusal("list_size", "is empty", "at least one entry")
    if all(isinstance(token, int) for token in value):
        return
    if len(value) > MAX_INPUTS:
        raise refusal("list_size", f"has {len(value)} entries", f"at most {MAX_INPUTS}")
    for place, item in enumerate(value):
        tokens = isinstance(item, (list, tuple)) and item and all(isinstance(token, int) for token in item)
        if not tokens:
            refuse_blank(item, at=f"[{place}]")


class EmbeddingsRequest(RequestModel):
    """Texts to be turned into vectors."""

    source: ClassVar[str] = "OpenAI spec; extensions: zaguan-sdk-go"

    model: NonBlank = required("Id of the model.")
    input: Annotated[
        Any,
        Check(
            _refuse_bad_inputs,
            {
                "anyOf": [
                    _TEXT,
                    {
                        "type": "array",
                        "minItems": 1,
                        "items": {"anyOf": [_TEXT, {"type": "integer"}, _TOKENS]},
                    },
                ]
            },
        ),
    ] = required("A text, up to 2048 texts, one list of token ids, or several.")
    encoding_format: Annotated[Literal["float", "base64"], Choice()] | None = optional("How vectors come.")
    dimensions: Annotated[int, Integer(1)] | None = optional("Length of the vectors.")
    user: NonBlank | None = optional("Id of the end user.")
    provider_specific_params: AnyObject | None = optional("Parameters of the provider (extension).")


def _refuse_bad_moderation_input(value: Any) -> None:
    if isinstance(value, str):
        refuse_blank(value)
        return
    if not isinstance(value, (list, tuple)) or not value:
        raise refusal("list", f"is {'empty' if value == [] else 'no list'}", "a text, texts or parts")
    for place, item in enumerate(value):
        if isinstance(item, Mapping):
            refuse_blank(item.get("type"), at=f"[{place}].type")
        else:
            refuse_blank(item, at=f"[{place}]")


_PART = {"type": "object", "properties": {"type": _TEXT}, "required": ["type"]}


class ModerationRequest(RequestModel):
    """Texts or pictures to be judged."""

    source: ClassVar[str] = "OpenAI spec"

    input: Annotated[
        Any,
        Check(
            _refuse_bad_moderation_input,
            {"anyOf": [_TEXT, {"type": "array", "minItems": 1, "items": {"anyOf": [_TEXT, _PART]}}]},
        ),
    ] = required("A text, texts, or parts (text, image_url) that are judged together.")
    model: NonBlank | None = optional("Id of the model; without it the server takes its own (D67).")
