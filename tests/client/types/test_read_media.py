"""Vectors, verdicts, pictures and transcripts out of every fixture."""

from __future__ import annotations

import base64
import struct
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_fixtures import FIXTURES, load

from zaguan_tui.client.types.answers.audio import read_plain_transcription, read_transcription
from zaguan_tui.client.types.answers.embeddings import read_embeddings, read_vector
from zaguan_tui.client.types.answers.images import read_images
from zaguan_tui.client.types.answers.moderations import CATEGORIES, read_moderation
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.client.types.core.primitives import UnreadableValue

SAID = "The night batch finished at four, two rows failed."


def test_both_forms_are_the_same_vectors() -> None:
    numbers, packed = (
        read_embeddings(load("embeddings/float.json")),
        read_embeddings(load("embeddings/base64.json")),
    )
    assert numbers.data == packed.data
    assert (numbers.dialect, packed.dialect) == ("float", "base64")
    assert [item.index for item in packed.data] == [0, 1]
    assert [round(number, 4) for number in packed.vectors[0]][:3] == [0.0125, -0.0831, 0.1442]
    assert numbers.usage == Usage(prompt_tokens=8, total_tokens=8)
    assert numbers.model == "text-embedding-3-small"
    assert memoryview(packed.vectors[0]).format == "f"


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=50))
def test_base64_is_little_endian_whatever_the_machine(numbers: list[float]) -> None:
    packed = base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
    assert read_vector(packed).tolist() == read_vector(numbers).tolist() == numbers


def test_a_big_endian_machine_turns_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "big" if sys.byteorder == "little" else "little"
    monkeypatch.setattr(sys, "byteorder", other)
    turned = read_vector(base64.b64encode(struct.pack(">f", 0.5)).decode())
    assert (turned.tolist() == [0.5]) is (other == "big")


@pytest.mark.parametrize(
    "value", [None, "", "abc", "aGk=", "!!!!", [], ["x"], [None], [[1.0]], {}, 5, [10**400], "ä", "AAAA AAA="]
)
def test_what_is_no_vector(value: object) -> None:
    with pytest.raises(UnreadableValue):
        read_vector(value)


def test_odd_lists_of_vectors() -> None:
    uneven = read_embeddings([{"embedding": [1]}, {"embedding": [1, 2]}, {"embedding": "x"}, [0.5]])
    assert [len(vector) for vector in uneven.vectors] == [1, 2, 1]
    assert "the vectors differ in length" in uneven.notes
    assert len(uneven.notes) == 2
    assert read_embeddings({"embeddings": [[1, 2], [3, 4]]}).vectors[1].tolist() == [3.0, 4.0]


def test_eleven_categories() -> None:
    verdict = read_moderation(load("moderations/moderation.json"))
    assert (verdict.id, verdict.model) == ("modr-9pQxZ1", "text-moderation-007")
    (result,) = verdict.results
    assert (result.flagged, result.hits) == (False, ())
    assert set(result.categories) == set(CATEGORIES[:11])
    assert result.scores["self-harm/intent"] == 0.0008991


def test_thirteen_categories_some_of_them_not_judged() -> None:
    verdict = read_moderation(load("moderations/moderation_omni.json"))
    first, second = verdict.results
    assert (first.flagged, second.flagged) == (True, False)
    assert first.hits == ("violence", "harassment/threatening")
    assert first.categories["illicit"] is None
    assert first.input_types["self-harm"] == ("text", "image")
    assert set(first.categories) == set(CATEGORIES)


def test_d66_names_in_any_spelling() -> None:
    body = {
        "results": [
            {
                "flagged": 1,
                "categories": {"self_harm_intent": "yes", "selfHarm": False, "rudeness": True, "hate": {}},
                "categoryScores": {"self_harm_intent": "0.5", "rudeness": 1, "hate": "x"},
            }
        ]
    }
    verdict = read_moderation(body)
    (result,) = verdict.results
    assert result.categories == {"self-harm/intent": True, "self-harm": False, "rudeness": True}
    assert result.scores == {"self-harm/intent": 0.5, "rudeness": 1.0}
    assert result.hits == ("rudeness", "self-harm/intent")
    assert verdict.notes == ("results[0].categories.hate: unreadable, found an empty object (and 1 more)",)


def test_pictures_by_url() -> None:
    made = read_images(load("images/generation_url.json"))
    assert made.created == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    (image,) = made.data
    assert image.url == "https://images.example.com/gen/3c1f.png?sig=test"
    assert image.revised_prompt == "A tall white lighthouse on a cliff at dusk, drawn in flat colours."
    assert image.content() is None
    assert "sig=test" not in repr(made)
    assert len(read_images(load("images/variation.json")).data) == 2


def test_pictures_in_base64() -> None:
    made = read_images(load("images/generation_b64.json"))
    pixels = (FIXTURES / "images/pixel16.png").read_bytes()
    assert [image.content() for image in made.data] == [pixels, pixels]
    assert (made.background, made.output_format, made.quality, made.size) == (
        "opaque",
        "png",
        "low",
        "1024x1024",
    )
    assert made.usage == Usage(prompt_tokens=12, completion_tokens=272, total_tokens=284)
    assert read_images(load("images/edit.json")).data[0].content() == pixels
    (image,) = read_images([{"b64_json": "data:image/png;base64,aGk="}]).data
    assert image.content() == b"hi"
    (damaged,) = read_images([{"b64_json": "aG!"}]).data
    with pytest.raises(ValueError, match="base64"):
        damaged.content()


def test_pictures_that_are_none_are_left_out() -> None:
    made = read_images({"data": [{"url": "https://x"}, {"revised_prompt": "x"}, None]})
    assert len(made.data) == 1
    assert len(made.notes) == 1
    with pytest.raises(UnreadableValue):
        read_images({"data": [{}]})


@pytest.mark.parametrize("name", ["transcription.json", "transcription_verbose.json"])
def test_transcripts(name: str) -> None:
    assert read_transcription(load(f"audio/{name}")).text == SAID


def test_tokens_or_seconds() -> None:
    counted = read_transcription(load("audio/transcription.json"))
    assert counted.usage is not None
    assert (counted.usage.prompt_tokens, counted.usage.total_tokens, counted.billed_s) == (38, 50, None)
    timed = read_transcription(load("audio/transcription_verbose.json"))
    assert (timed.usage, timed.billed_s, timed.duration_s, timed.language) == (None, 5.0, 4.2, "english")
    first = timed.segments[0]
    assert (first.id, first.start, first.end, first.avg_logprob) == ("0", 0.0, 2.4, -0.2741)
    assert (first.compression_ratio, first.no_speech_prob) == (1.21, 0.0081)
    assert [(word.word, word.end) for word in timed.words] == [
        ("The", 0.18),
        ("night", 0.44),
        ("batch", 0.81),
    ]


def test_speakers() -> None:
    told = read_transcription(load("audio/transcription_diarized.json"))
    assert [(segment.speaker, segment.text) for segment in told.segments] == [
        ("agent", "How can I help?"),
        ("A", "My key does not work."),
    ]
    assert (told.duration_s, told.billed_s) == (6.1, 7.0)


def test_translations_and_plain_ones() -> None:
    whole = "Good morning, the report is ready."
    assert read_transcription(load("audio/translation.json")).text == whole
    assert read_transcription(load("audio/translation_verbose.json")).task == "translate"
    plain = read_plain_transcription((FIXTURES / "audio/translation.txt").read_text(), "text")
    assert (plain.text, plain.dialect) == (whole, "text")


def test_damaged_pieces_of_a_transcript_are_left_out() -> None:
    body = {
        "text": "x",
        "words": [5, {"word": "a", "start": "zero"}],
        "segments": {"a": 1},
        "duration": "1m5s",
    }
    told = read_transcription({"data": body})
    assert [(word.word, word.start) for word in told.words] == [("a", None)]
    assert (told.segments, told.duration_s, len(told.notes)) == ((), 65.0, 1)
    with pytest.raises(UnreadableValue):
        read_transcription({"text": 5})
