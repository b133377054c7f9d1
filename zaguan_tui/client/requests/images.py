"""The requests of ``/v1/images`` (ranges and names: OpenAI spec; wire reference §3.5).

Only what the caller set goes out: gpt-image models refuse some of the other models' parameters (D65).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.checks import describe_value
from zaguan_tui.client.requests.fields import Rule, checked, choice, number, whole, words
from zaguan_tui.client.requests.multipart import FieldValue, FormDraft, Progress
from zaguan_tui.client.requests.upload_source import FileInput

MAX_PROMPT = 32_000
"""Characters; older models take fewer (dall-e-3 4000, dall-e-2 1000)."""
MAX_IMAGES = 16
QUALITIES = ("standard", "hd", "low", "medium", "high", "auto")
_SIZE = re.compile(r"auto|[1-9]\d{1,4}x[1-9]\d{1,4}")


class VariationParams(TypedDict, total=False):
    """Parameters of every image call. ``None`` is not sent. ``n``: 1 to 10. ``size``: auto or WIDTHxHEIGHT.

    ``response_format``: url or b64_json (gpt-image models always answer base64 and refuse it).
    """

    model: str | None
    n: int | None
    size: str | None
    response_format: str | None
    user: str | None
    additional_fields: Mapping[str, Any] | None


class EditParams(VariationParams, total=False):
    """Parameters of an edit beside image and prompt. ``quality``: see ``QUALITIES``.

    ``output_format``: png, jpeg or webp; ``output_compression``: 0 to 100; ``partial_images``: 0 to 3 drafts
    in a stream; ``input_fidelity``: high or low.
    """

    quality: str | None
    background: str | None
    output_format: str | None
    output_compression: int | None
    partial_images: int | None
    input_fidelity: str | None


class ImageParams(VariationParams, total=False):
    """Parameters of a generation beside the prompt, as for an edit; ``style`` (dall-e-3): vivid, natural."""

    quality: str | None
    background: str | None
    output_format: str | None
    output_compression: int | None
    partial_images: int | None
    moderation: str | None
    style: str | None


def _size(field: str, value: object) -> None:
    if not isinstance(value, str) or not _SIZE.fullmatch(value):
        raise ArgumentError(field, f"is {describe_value(value)}", "auto, or WIDTHxHEIGHT such as 1024x1024")


_VARIATION: Mapping[str, Rule] = {
    "model": words(),
    "n": whole(1, 10),
    "size": _size,
    "response_format": choice("url", "b64_json"),
    "user": words(),
}
_COMMON: Mapping[str, Rule] = {
    **_VARIATION,
    "quality": choice(*QUALITIES),
    "background": words(),
    "output_format": choice("png", "jpeg", "webp"),
    "output_compression": number(0, 100),
    "partial_images": whole(0, 3),
}
_EDIT: Mapping[str, Rule] = {**_COMMON, "input_fidelity": words()}
_GENERATION: Mapping[str, Rule] = {**_COMMON, "moderation": words(), "style": choice("vivid", "natural")}


def image_body(prompt: str, params: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    """The JSON body of a generation; raises :class:`ArgumentError` for anything no server would take."""
    words(MAX_PROMPT)("prompt", prompt)
    body = {"prompt": prompt, **checked("create_image", _GENERATION, params)}
    return body | ({"stream": True} if stream else {})


def edit_form(
    image: FileInput | Sequence[FileInput],
    prompt: str,
    mask: FileInput | None,
    params: Mapping[str, Any],
    *,
    stream: bool,
    progress: Progress | None,
) -> FormDraft:
    """The form of an edit; one image goes out as ``image``, several as ``image[]`` (oai-py)."""
    words(MAX_PROMPT)("prompt", prompt)
    images: list[Any] = list(image) if isinstance(image, (list, tuple)) else [image]
    if not 1 <= len(images) <= MAX_IMAGES:
        raise ArgumentError("image", f"has {len(images)} files", f"1 to {MAX_IMAGES}")
    name = "image" if len(images) == 1 else "image[]"
    files: list[tuple[str, FileInput]] = [(name, item) for item in images]
    if mask is not None:
        files.append(("mask", mask))
    fields: dict[str, FieldValue] = {"prompt": prompt, **checked("edit_image", _EDIT, params)}
    if stream:
        fields["stream"] = True
    return FormDraft(fields, files, progress)


def variation_form(image: FileInput, params: Mapping[str, Any], *, progress: Progress | None) -> FormDraft:
    """The form of a variation; raises :class:`ArgumentError` as above."""
    return FormDraft(checked("create_image_variation", _VARIATION, params), [("image", image)], progress)
