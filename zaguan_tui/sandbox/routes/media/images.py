"""Images: drawn, edited and varied as real PNG files. Shapes: wire.md 3.5 (OpenAI spec)."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.calls.whole_call import find_model, run_call
from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.media.image_generator import draw, edit, resized, vary
from zaguan_tui.sandbox.engine.media.png import ImageFormatError, RgbImage, read_png, write_png
from zaguan_tui.sandbox.engine.text.tokens import count_tokens
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.auth import OPEN_PLACE
from zaguan_tui.sandbox.http.bodies import read_object, required_text
from zaguan_tui.sandbox.http.errors import invalid_request, not_found
from zaguan_tui.sandbox.http.forms import read_form

_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
_MAX_SIDE = 2048
_QUALITIES = {
    "gpt-image": ("low", "medium", "high", "auto"),
    "dall-e-3": ("standard", "hd"),
    "dall-e-2": ("standard",),
}
_ANY_QUALITY = ("standard", "hd", "low", "medium", "high", "auto")
_ANSWERED_QUALITIES = ("low", "medium", "high")
"""What the format allows in an answer; a model with other words leaves the field out."""
_DEFAULT_MODEL = "openai/gpt-image-1"
_PIXELS_A_TOKEN = 1024

Drawer = Callable[[int, int, int], RgbImage]
"""Draws the image of that width, height and number."""


@dataclass(frozen=True, slots=True)
class _ImageRequest:
    """The fields that all image requests share."""

    model: ModelData
    prompt: str
    count: int
    width: int
    height: int
    quality: str
    """``auto`` where none was given."""
    by_url: bool
    stream: bool
    partials: int


async def create_image(request: Request) -> Response:
    """Pictures from a prompt."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    prompt = required_text(body, "prompt")
    wish = _read_request(gateway, body, prompt, None)
    return await _answer(request, wish, "image_generation", lambda w, h, n: draw(prompt, w, h, n))


async def edit_image(request: Request) -> Response:
    """The given picture, changed as the prompt says: multipart with ``image``, or JSON with ``images``."""
    gateway: Gateway = request.app.state.gateway
    body, picture = await _read_input(request)
    prompt = required_text(body, "prompt")
    wish = _read_request(gateway, body, prompt, "edits")
    return await _answer(request, wish, "image_edit", lambda w, h, n: edit(resized(picture, w, h), prompt, n))


async def vary_image(request: Request) -> Response:
    """Variations of the given picture."""
    gateway: Gateway = request.app.state.gateway
    body, picture = await _read_input(request)
    wish = _read_request(gateway, {**body, "model": body.get("model") or "openai/dall-e-2"}, "", "variations")
    return await _answer(request, wish, "image_variation", lambda w, h, n: vary(resized(picture, w, h), n))


async def show_image(request: Request) -> Response:
    """A picture that was answered as ``url``; needs no key, as elsewhere."""
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["name"]
    data = await (await gateway.open_object_store()).read_bytes(f"image {name}")
    if not data:
        raise not_found("image", name)
    return Response(data, media_type="image/png")


async def _read_input(request: Request) -> tuple[dict[str, Any], RgbImage]:
    """The fields and the first picture of a request."""
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await read_object(request)
        images = body.get("images")
        first = images[0] if isinstance(images, list) and images else None
        url = first.get("image_url") if isinstance(first, dict) else None
        if not isinstance(url, str) or not url.startswith("data:image/png;base64,"):
            raise invalid_request("'images[0].image_url' must be a data URI of a PNG.", "images")
        data = base64.b64decode(url.partition(",")[2] + "==")
    else:
        form = await read_form(request, 64 * 1024 * 1024)
        file = form.get("image") or form.get("image[]")
        if not isinstance(file, UploadFile):
            raise invalid_request("'image' is required and must be a file.", "image")
        data = await file.read()
        body = {key: _typed(key, value) for key, value in form.items() if isinstance(value, str)}
    try:
        return body, await asyncio.to_thread(read_png, data)
    except ImageFormatError as error:
        raise invalid_request(str(error), "image", "invalid_image") from error


def _typed(name: str, text: str) -> Any:
    """A form's text as the JSON body would have it."""
    if name in ("n", "partial_images") and text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    return {"true": True, "false": False}.get(text, text) if name == "stream" else text


def _read_request(
    gateway: Gateway, body: Mapping[str, Any], prompt: str, feature: str | None
) -> _ImageRequest:
    model = find_model(gateway, body.get("model"), "image", _DEFAULT_MODEL)
    if feature is not None and feature not in model.features:
        raise invalid_request(f"{model.id} makes no {feature}.", "model", "unsupported_model")
    if count_tokens(prompt) > model.context:
        raise invalid_request(f"The prompt is too long for {model.id}.", "prompt", "prompt_too_long")
    count = _whole(body, "n", 1, 1, 10)
    form = body.get("response_format")
    if form not in (None, "url", "b64_json"):
        raise invalid_request("'response_format' must be url or b64_json.", "response_format")
    base64_only = "gpt-image" in model.id
    if form is not None and base64_only:
        message = f"{model.id} always answers in base64; leave 'response_format' out."
        raise invalid_request(message, "response_format", "unsupported_parameter")
    quality = _quality(body.get("quality"), model)
    if not isinstance(body.get("stream") or False, bool):
        raise invalid_request("'stream' must be true or false.", "stream")
    width, height = _size(body.get("size"))
    partials = _whole(body, "partial_images", 0, 0, 3)
    by_url = form == "url" or (form is None and not base64_only)
    return _ImageRequest(
        model, prompt, count, width, height, quality, by_url, bool(body.get("stream")), partials
    )


def _quality(value: object, model: ModelData) -> str:
    """A quality that the model takes, ``auto`` where none is given; other makers' models take any."""
    qualities = next((words for name, words in _QUALITIES.items() if name in model.id), _ANY_QUALITY)
    if value is not None and value not in qualities:
        raise invalid_request(f"'quality' must be one of {', '.join(qualities)} with {model.id}.", "quality")
    if value in (None, "auto") and "gpt-image" in model.id:
        return "high"  # what auto comes to; an answer names the quality that was used
    return str(value or "auto")


def _size(value: object) -> tuple[int, int]:
    if value in (None, "auto"):
        return 1024, 1024
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if not match or not (16 <= int(match[1]) <= _MAX_SIDE and 16 <= int(match[2]) <= _MAX_SIDE):
        raise invalid_request(f"'size' must be auto or WIDTHxHEIGHT, at most {_MAX_SIDE} each.", "size")
    return int(match[1]), int(match[2])


def _whole(body: Mapping[str, Any], name: str, usual: int, low: int, high: int) -> int:
    value = usual if body.get(name) is None else body[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise invalid_request(f"'{name}' must be a whole number from {low} to {high}.", name)
    return int(value)


async def _answer(request: Request, wish: _ImageRequest, event: str, drawer: Drawer) -> Response:
    gateway: Gateway = request.app.state.gateway
    pixels = wish.width * wish.height
    tokens = Tokens(max(1, count_tokens(wish.prompt)), wish.count * max(1, pixels // _PIXELS_A_TOKEN))
    await run_call(gateway, wish.model, tokens, request.state.request_id, lambda: None)
    made = [await asyncio.to_thread(_png, drawer, wish, number) for number in range(wish.count)]
    usage = {
        "input_tokens": tokens.prompt,
        "output_tokens": tokens.completion,
        "total_tokens": tokens.total,
        "input_tokens_details": {"text_tokens": tokens.prompt, "image_tokens": 0},
    }
    head = {"created": int(gateway.clock.now().timestamp()), "size": f"{wish.width}x{wish.height}"}
    if wish.stream:
        return Response(_events(event, made[0], wish, usage, head), media_type="text/event-stream")
    rows = [await _row(request, wish, data) for data in made]
    more = {"output_format": "png", "background": "opaque", "usage": usage}
    if wish.quality in _ANSWERED_QUALITIES:
        more["quality"] = wish.quality
    return JSONResponse({**head, "data": rows, **more})


def _png(drawer: Drawer, wish: _ImageRequest, number: int) -> bytes:
    return write_png(drawer(wish.width, wish.height, number))


async def _row(request: Request, wish: _ImageRequest, data: bytes) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if wish.by_url:
        gateway: Gateway = request.app.state.gateway
        name = f"{uuid.uuid4().hex}.png"
        await (await gateway.open_object_store()).put_bytes(f"image {name}", data)
        row["url"] = f"{str(request.base_url).rstrip('/')}{OPEN_PLACE}{name}"
    else:
        row["b64_json"] = base64.b64encode(data).decode()
    if wish.prompt:
        row["revised_prompt"] = f"{wish.prompt.strip().rstrip('.')}, as hills under a sky."
    return row


def _events(
    event: str, data: bytes, wish: _ImageRequest, usage: Mapping[str, Any], head: Mapping[str, Any]
) -> bytes:
    """The stream's events: as many partial pictures as were asked for, then the whole one."""
    image = base64.b64encode(data).decode()
    quality = wish.quality if wish.quality in _ANSWERED_QUALITIES else "auto"
    more = {"b64_json": image, "created_at": head["created"], "size": head["size"], "quality": quality}
    more |= {"output_format": "png", "background": "opaque"}
    frames = [
        (f"{event}.partial_image", {**more, "partial_image_index": index}) for index in range(wish.partials)
    ]
    frames.append((f"{event}.completed", {**more, "usage": usage}))
    return b"".join(
        f"event: {name}\ndata: {json.dumps({'type': name, **body})}\n\n".encode() for name, body in frames
    )
