"""Forms and bodies of ``/v1/images`` calls; what may be given is in :mod:`~.models.media`.

Only what the caller set goes out: gpt-image models refuse some of the other models' parameters (D65).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from zaguan_tui.client.requests.body import build_body
from zaguan_tui.client.requests.multipart import FormDraft, Progress
from zaguan_tui.client.requests.upload_source import FileInput


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
    """Parameters of an edit beside image and prompt. ``quality``: standard, hd, low, medium, high or auto.

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


def image_body(prompt: str, params: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    """The JSON body of a generation; raises :class:`ArgumentError` for anything no server would take."""
    body = build_body("create_image", {"prompt": prompt}, params, ImageParams)
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
    fields = build_body("edit_image", {"prompt": prompt}, params, EditParams, files={"image": image})
    images: list[Any] = list(image) if isinstance(image, (list, tuple)) else [image]
    name = "image" if len(images) == 1 else "image[]"
    files: list[tuple[str, FileInput]] = [(name, item) for item in images]
    if mask is not None:
        files.append(("mask", mask))
    return FormDraft(fields | ({"stream": True} if stream else {}), files, progress)


def variation_form(image: FileInput, params: Mapping[str, Any], *, progress: Progress | None) -> FormDraft:
    """The form of a variation; raises :class:`ArgumentError` as above."""
    fields = build_body("create_image_variation", {}, params, VariationParams, files={"image": image})
    return FormDraft(fields, [("image", image)], progress)
