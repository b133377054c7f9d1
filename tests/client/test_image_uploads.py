"""Edits and variations: pictures in forms, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from form_parser import read_form
from openai_calls import FIXTURES
from scripted import Step

from zaguan_tui.client import APIError
from zaguan_tui.client.requests.upload_source import Upload

PIXELS = FIXTURES / "images/pixel16.png"


async def test_one_picture_is_edited(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=(FIXTURES / "images/edit.json").read_bytes()))
    edited = await connect(server).edit_image(
        image=PIXELS, prompt="Add a moon", mask=Upload("mask.png", b"\x89PNG"), n=1, size="auto", user=None
    )
    assert edited.data[0].content() == PIXELS.read_bytes()
    assert edited.usage.total_tokens == 602
    assert server.seen[0].target == "/v1/images/edits"
    form = read_form(server.seen[0])
    assert form.fields == [("prompt", "Add a moon"), ("n", "1"), ("size", "auto")]
    assert [(file.name, file.filename, file.content_type) for file in form.files] == [
        ("image", "pixel16.png", "image/png"),
        ("mask", "mask.png", "image/png"),
    ]
    assert form.files[0].content == PIXELS.read_bytes()


async def test_several_pictures_go_out_with_brackets(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=(FIXTURES / "images/edit.json").read_bytes()))
    await connect(server).edit_image(image=[PIXELS, str(PIXELS)], prompt="x")
    assert [file.name for file in read_form(server.seen[0]).files] == ["image[]", "image[]"]


async def test_a_picture_is_varied(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=(FIXTURES / "images/variation.json").read_bytes()))
    varied = await connect(server).create_image_variation(image=PIXELS, n=2, response_format="url")
    assert [image.url for image in varied.data] == [
        "https://images.example.com/var/01.png",
        "https://images.example.com/var/02.png",
    ]
    assert varied.data[0].content() is None
    assert server.seen[0].target == "/v1/images/variations"
    assert read_form(server.seen[0]).fields == [("n", "2"), ("response_format", "url")]


async def test_an_edit_that_fails_says_why(serve: Any, connect: Any) -> None:
    server = await serve(Step(400, {"error": {"message": "mask is too big", "param": "mask"}}))
    with pytest.raises(APIError) as caught:
        await connect(server).edit_image(image=PIXELS, prompt="x")
    assert (caught.value.param, caught.value.endpoint) == ("mask", "POST /v1/images/edits")
