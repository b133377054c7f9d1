"""Check that a model can do what a request asks; else a 400 as its provider sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.model_exchange import BadRequestError, ModelRequest
from zaguan_tui.sandbox.engine.text.message_parts import AUDIO_TYPES, IMAGE_TYPES, parts_of

UNSUPPORTED = "unsupported_parameter"
_OWN_PATH = {
    "embedding": "/v1/embeddings",
    "image": "/v1/images/generations",
    "moderation": "/v1/moderations",
}
_FIXED_WHEN_REASONING = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
"""What OpenAI's reasoning models accept at one value only."""


def check_capabilities(
    body: Mapping[str, Any],
    question: ModelRequest,
    model: ModelData,
    prompt: int,
    others: Iterable[ModelData] = (),
) -> None:
    """Raise `BadRequestError` for the first thing ``model`` cannot do.

    ``prompt`` is its tokens. The sentence names one of ``others`` where another model would do.
    """
    if model.kind != "chat":
        instead = _OWN_PATH.get(model.kind, "the endpoint of its kind")
        message = f"{model.id} is a model for {model.kind}, not for chat; it answers on {instead}."
        raise BadRequestError("model", message, "model_not_for_chat")
    if prompt > model.context:
        message = f"The messages hold about {prompt} tokens, {model.id} takes {model.context}."
        raise BadRequestError("messages", message, "context_length_exceeded")
    _check_modalities(question, model)
    if question.tools.tools and not model.tools:
        raise _unsupported("tools", model)
    if question.form is not None and _feature(question, model) not in model.features:
        places = (name for name in ("output_config", "output_format") if name in body)
        raise _unsupported(next(places, "response_format"), model)
    if not model.system_messages and any(
        message.get("role") in ("system", "developer") for message in question.messages
    ):
        raise BadRequestError("messages", f"{model.id} takes no system messages.", "unsupported_value")
    _sampling(body, model, others)


def _check_modalities(question: ModelRequest, model: ModelData) -> None:
    for index, message in enumerate(question.messages):
        for place, part in enumerate(parts_of(message.get("content"))):
            kind = part.get("type")
            if (kind in IMAGE_TYPES and not model.vision) or (kind in AUDIO_TYPES and not model.audio_in):
                where = f"messages[{index}].content[{place}]"
                sense = "see pictures" if kind in IMAGE_TYPES else "hear"
                raise BadRequestError(
                    where, f"{model.id} cannot {sense}: {kind} is not supported.", UNSUPPORTED
                )


def _feature(question: ModelRequest, model: ModelData) -> str:
    """The feature that the form needs; structured outputs include plain JSON, but not at Anthropic."""
    wants_schema = question.form is not None and question.form.schema is not None
    both = "structured_outputs" in model.features and model.provider != "anthropic"
    return "structured_outputs" if wants_schema or both else "json_mode"


def _sampling(body: Mapping[str, Any], model: ModelData, others: Iterable[ModelData]) -> None:
    effort = body.get("reasoning_effort")
    if effort not in (None, "none") and not model.reasoning:
        raise _unsupported("reasoning_effort", model, _reasoner(model, others))
    if body.get("stream") and not model.streaming:
        raise _unsupported("stream", model)
    if body.get("n") not in (None, 1) and model.provider == "anthropic":
        raise _unsupported("n", model)
    modalities = body.get("modalities")
    if isinstance(modalities, list) and "audio" in modalities and not model.audio_out:
        raise _unsupported("modalities", model)
    if model.provider != "openai" or not model.reasoning:
        return
    for name, only in _FIXED_WHEN_REASONING.items():
        if body.get(name) not in (None, only):
            message = (
                f"Unsupported value: '{name}' does not support {body[name]} with {model.id}. "
                f"Only the default ({only}) value is supported."
            )
            raise BadRequestError(name, message, "unsupported_value")
    if body.get("logprobs"):
        raise _unsupported("logprobs", model)


def _reasoner(model: ModelData, others: Iterable[ModelData]) -> ModelData | None:
    """A model that takes ``reasoning_effort``, of the same provider if there is one."""
    takers = [
        candidate for candidate in others if candidate.reasoning and "reasoning_effort" in candidate.features
    ]
    return next(
        (candidate for candidate in takers if candidate.provider == model.provider),
        takers[0] if takers else None,
    )


def _unsupported(name: str, model: ModelData, instead: ModelData | None = None) -> BadRequestError:
    message = f"Unsupported parameter: '{name}' is not supported with {model.id}."
    if instead is not None:
        message += f" {instead.id} takes it, as models that reason do."
    return BadRequestError(name, message, UNSUPPORTED)
