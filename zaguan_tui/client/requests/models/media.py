"""Request models of ``/v1/audio`` and ``/v1/images`` (OpenAI spec; wire reference §3.4, §3.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import model_validator

from zaguan_tui.client.requests.models.base import RequestModel, optional, refusal, required
from zaguan_tui.client.requests.models.fields import (
    Boolean,
    Check,
    Choice,
    FileContent,
    Integer,
    ListOf,
    NonBlank,
    Number,
    Text,
    refuse_blank,
)
from zaguan_tui.client.requests.sentences import describe_value

MAX_SPEECH = 4096
"""Characters of one speech."""
MAX_PROMPT = 32_000
"""Characters of an image's prompt; older models take fewer (dall-e-3 4000, dall-e-2 1000)."""
MAX_IMAGES = 16

Texts = Annotated[list[NonBlank], ListOf()]


class _Recording(RequestModel):
    source: ClassVar[str] = "OpenAI spec"

    file: FileContent = required("The recording; servers tell its format from the ending of its name.")
    model: NonBlank = required("Id of the model.")
    prompt: NonBlank | None = optional("Words or spellings to expect, or the text before.")
    temperature: Annotated[float, Number(0, 1)] | None = optional("Randomness.")


class TranslationRequest(_Recording):
    """A recording to be written down in English."""

    response_format: Annotated[Literal["text", "srt", "vtt", "json", "verbose_json"], Choice()] | None = (
        optional("Form of the answer; the server's default is json.")
    )


class TranscriptionRequest(_Recording):
    """A recording to be written down in its own language."""

    response_format: (
        Annotated[Literal["text", "srt", "vtt", "json", "verbose_json", "diarized_json"], Choice()] | None
    ) = optional("Form of the answer; the server's default is json.")
    language: NonBlank | None = optional("Language of the recording, in ISO 639-1.")
    languages: Texts | None = optional("Languages that may occur (extension).")
    keywords: Texts | None = optional("Words to expect (extension).")
    timestamp_granularities: (
        Annotated[list[Annotated[Literal["word", "segment"], Choice()]], ListOf()] | None
    ) = optional("What to give times for; needs response_format verbose_json.")
    include: Texts | None = optional("What to add, such as logprobs.")
    chunking_strategy: Any = optional("auto, or {type: server_vad, …}.")
    known_speaker_names: Texts | None = optional("Names for diarized_json.")
    known_speaker_references: Texts | None = optional("A sample of each voice, as data URLs.")
    stream: Boolean | None = optional("Whether to answer with events.")

    @model_validator(mode="after")
    def _check_granularities(self) -> Self:
        if self.timestamp_granularities and self.response_format != "verbose_json":
            allowed = 'response_format="verbose_json" beside them'
            raise refusal("conflict", "need verbose_json", allowed, at="timestamp_granularities")
        return self


def _refuse_bad_voice(value: Any) -> None:
    if isinstance(value, Mapping):
        refuse_blank(value.get("id"), at="id")
    else:
        refuse_blank(value)


class SpeechRequest(RequestModel):
    """A text to be spoken."""

    source: ClassVar[str] = "OpenAI spec"

    model: NonBlank = required("Id of the model.")
    input: Annotated[str, Text(MAX_SPEECH)] = required("What to speak.")
    voice: Annotated[
        Any,
        Check(
            _refuse_bad_voice,
            {
                "anyOf": [
                    {"type": "string", "examples": ["alloy", "echo", "fable", "onyx", "nova", "shimmer"]},
                    {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
                ]
            },
        ),
    ] = required("Who speaks: a name, or {id} of a voice of one's own. Servers differ (D64).")
    response_format: Annotated[str, Text(words=("mp3", "opus", "aac", "flac", "wav", "pcm"))] | None = (
        optional("Format of the sound; the server's default is mp3.")
    )
    speed: Annotated[float, Number(0.25, 4)] | None = optional("Factor of the usual speed.")
    instructions: Annotated[str, Text(MAX_SPEECH)] | None = optional("How to speak.")
    stream_format: Annotated[Literal["sse", "audio"], Choice()] | None = optional("sse: answer with events.")


def _refuse_bad_size(value: Any) -> None:
    if not isinstance(value, str) or not re.fullmatch(_SIZE, value):
        raise refusal("size", f"is {describe_value(value)}", "auto, or WIDTHxHEIGHT such as 1024x1024")


_SIZE = r"auto|[1-9]\d{1,4}x[1-9]\d{1,4}"
Size = Annotated[str, Check(_refuse_bad_size, {"type": "string", "pattern": f"^({_SIZE})$"})]


class VariationRequest(RequestModel):
    """A picture to make others like it from."""

    source: ClassVar[str] = "OpenAI spec"

    model: NonBlank | None = optional("Id of the model.")
    n: Annotated[int, Integer(1, 10)] | None = optional("Number of pictures.")
    size: Size | None = optional("auto, or WIDTHxHEIGHT in pixels.")
    response_format: Annotated[Literal["url", "b64_json"], Choice()] | None = optional(
        "How pictures come; gpt-image models always answer base64 and refuse it."
    )
    user: NonBlank | None = optional("Id of the end user.")


class ImageVariationRequest(VariationRequest):
    """A picture to make others like it from, as a form."""

    image: FileContent = required("The picture.")


class _PromptedImage(VariationRequest):
    prompt: Annotated[str, Text(MAX_PROMPT)] = required("What to see.")
    quality: Annotated[Literal["standard", "hd", "low", "medium", "high", "auto"], Choice()] | None = (
        optional("Quality of the picture.")
    )
    background: Annotated[str, Text(words=("transparent", "opaque", "auto"))] | None = optional("Behind it.")
    output_format: Annotated[Literal["png", "jpeg", "webp"], Choice()] | None = optional("Format.")
    output_compression: Annotated[float, Number(0, 100)] | None = optional("Per cent, for jpeg and webp.")
    partial_images: Annotated[int, Integer(0, 3)] | None = optional("Drafts in a stream.")
    stream: Boolean | None = optional("Whether to answer with events.")


class ImageRequest(_PromptedImage):
    """A picture to be made."""

    moderation: Annotated[str, Text(words=("low", "auto"))] | None = optional("How strictly to moderate.")
    style: Annotated[Literal["vivid", "natural"], Choice()] | None = optional("Style (dall-e-3).")


def _refuse_bad_images(value: Any) -> None:
    count = len(value) if isinstance(value, (list, tuple)) else 1
    if not 1 <= count <= MAX_IMAGES:
        raise refusal("list_size", f"has {count} files", f"1 to {MAX_IMAGES}")


_IMAGE = {"type": "string", "format": "binary"}


class ImageEditRequest(_PromptedImage):
    """Pictures to be changed, as a form."""

    image: Annotated[
        Any,
        Check(
            _refuse_bad_images,
            {"anyOf": [_IMAGE, {"type": "array", "minItems": 1, "maxItems": MAX_IMAGES, "items": _IMAGE}]},
        ),
    ] = required("The picture, or 1 to 16 of them.")
    mask: FileContent | None = optional("A PNG that is transparent where the picture may change.")
    input_fidelity: Annotated[str, Text(words=("high", "low"))] | None = optional(
        "How closely to keep to it."
    )
