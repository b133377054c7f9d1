"""Server-sent events from bytes: line ends, splits, fields, limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import FIXTURES, cut

from zaguan_tui.client.streaming.body import BodyKind, StreamBody
from zaguan_tui.client.streaming.json_text import UNREADABLE, parse_json
from zaguan_tui.client.streaming.sse import EventTooLargeError, SSEDecoder, SSEEvent

TRANSCRIPTS = sorted(FIXTURES.glob("*/*.sse"))


def events_of(*parts: bytes) -> list[SSEEvent]:
    decoder = SSEDecoder()
    events = [event for part in parts for event in decoder.feed(part)]
    last = decoder.close()
    return [*events, last] if last else events


def data_of(*parts: bytes) -> list[str]:
    return [event.data for event in events_of(*parts)]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_every_line_end_ends_a_line(end: bytes) -> None:
    assert data_of(b"data: a" + end + b"data: b" + end + end + b"data: c" + end + end) == ["a\nb", "c"]


def test_line_ends_may_be_mixed() -> None:
    assert data_of(b"data: a\r\n\ndata: b\r\rdata: c\n\r\n") == ["a", "b", "c"]


def test_unicode_separators_are_not_line_ends() -> None:
    text = "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei"
    assert data_of(f"data: {text}\n\n".encode()) == [text]


def test_a_cr_dispatches_at_once_and_its_lf_may_come_later() -> None:
    decoder = SSEDecoder()
    assert [e.data for e in decoder.feed(b"data: a\r\r")] == ["a"]
    assert decoder.feed(b"\n") == []
    assert [e.data for e in decoder.feed(b"data: b\r\n\r")] == ["b"]
    assert decoder.feed(b"\ndata: c\n") == []
    assert [e.data for e in decoder.feed(b"\n")] == ["c"]


def test_only_the_first_byte_order_mark_goes() -> None:
    assert data_of(b"\xef", b"\xbb", b"\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\ndata: c\n\n") == ["a", "c"]


def test_one_space_after_the_colon_goes() -> None:
    assert data_of(b"data:a\n\ndata: b\n\ndata:  c\n\n") == ["a", "b", " c"]


def test_fields() -> None:
    events = events_of(
        b"id: 7\nevent: x\nretry: 5\nnope: 1\n: comment\ndata: a\ndata\ndata: b\n\ndata: c\n\n"
    )
    assert events == [SSEEvent("a\n\nb", "x", "7"), SSEEvent("c", "", "7")]


def test_an_id_with_nul_is_ignored() -> None:
    assert events_of(b"id: 1\ndata: a\n\nid: \x00\ndata: b\n\n")[1].id == "1"


def test_an_event_without_data_is_only_a_sign_of_life() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"event: ping\n\n: hello\n\n") == []
    assert decoder.fields


def test_pending_data_is_handed_out_at_the_end() -> None:
    assert data_of(b"data: a\n\ndata: b") == ["a", "b"]
    assert data_of(b"data: a\n\ndata: b\n") == ["a", "b"]
    assert data_of(b"data: a\n\nevent: x\n") == ["a"]


def test_invalid_utf8_is_replaced_and_counted_per_event() -> None:
    decoder = SSEDecoder()
    events = decoder.feed(b"data: a\xff\n\ndata: b\n\ndata: \xc3\n\n")
    assert [e.data for e in events] == ["a\ufffd", "b", "\ufffd"]
    assert decoder.replaced == 2


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_endless_event_is_refused(size: int) -> None:
    decoder = SSEDecoder(limit=100)
    assert [e.data for e in decoder.feed(b"data: a\n\n")] == ["a"]
    with pytest.raises(EventTooLargeError, match="100 bytes"):
        for _ in range(200):
            decoder.feed(b"x" * size)


def test_an_endless_event_of_many_lines_is_refused() -> None:
    decoder = SSEDecoder(limit=100)
    with pytest.raises(EventTooLargeError):
        for _ in range(200):
            decoder.feed(b"data: x\n")


def test_a_long_line_within_the_limit_costs_linear_time() -> None:
    decoder = SSEDecoder()
    size, piece = 8 * 1024 * 1024, b"x" * 4096
    decoder.feed(b"data: ")
    for _ in range(size // len(piece)):
        assert decoder.feed(piece) == []
    (event,) = decoder.feed(b"\n\n")
    assert len(event.data) == size


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_transcripts_read_the_same_byte_by_byte(path: Path) -> None:
    data = path.read_bytes()
    whole = events_of(data)
    assert events_of(*(data[i : i + 1] for i in range(len(data)))) == whole
    assert whole or path.stem in ("empty_body", "ndjson")


@given(st.data())
def test_any_split_gives_the_same_events(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(TRANSCRIPTS)).read_bytes()
    at = data.draw(st.lists(st.integers(0, len(body)), max_size=12))
    assert events_of(*cut(body, at)) == events_of(body)


_LINES = st.sampled_from(
    [
        b"data: a",
        b"data:b",
        b"data",
        b"event: e",
        b"id: 1",
        b": c",
        b"",
        b"zz",
        b"data: \xc3\xbc",
        b"\xef\xbb\xbf",
    ]
)


@given(st.lists(st.tuples(_LINES, st.sampled_from([b"\n", b"\r", b"\r\n"])), max_size=20), st.data())
def test_any_split_of_any_stream_gives_the_same_events(
    lines: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    body = b"".join(line + end for line, end in lines)
    at = data.draw(st.lists(st.integers(0, len(body)), max_size=30))
    assert events_of(*cut(body, at)) == events_of(body) == reference(body)


def reference(body: bytes) -> list[SSEEvent]:
    """The event stream text, followed line by line."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode().replace("\r\n", "\n").replace("\r", "\n")
    events: list[SSEEvent] = []
    name, last_id = "", None
    buffer: list[str] = []
    for line in [*text.split("\n"), ""]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if buffer:
                events.append(SSEEvent("\n".join(buffer), name, last_id))
            name, buffer = "", []
        elif field == "data":
            buffer.append(value)
        elif field == "event":
            name = value
        elif field == "id":
            last_id = value
    return events


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_bytes_break_the_decoder(parts: list[bytes]) -> None:
    assert events_of(*parts) == events_of(b"".join(parts))


class TestBody:
    """Telling an event stream from JSON and from pages."""

    @staticmethod
    def read(*parts: bytes, content_type: str = "") -> tuple[StreamBody, list[str]]:
        body = StreamBody(content_type)
        frames = [frame for part in parts for frame in body.feed(part)] + body.close()
        return body, [frame.data for frame in frames]

    @pytest.mark.parametrize("end", [b"", b"\n"])
    def test_json_lines(self, end: bytes) -> None:
        body, frames = self.read(b'\n{"a":1}\r\n\r\n{"b"', b":2}" + end)
        assert body.kind is BodyKind.JSON
        assert frames == ['{"a":1}', '{"b":2}']

    def test_one_json_text_over_many_lines(self) -> None:
        _, frames = self.read(b'{\n "a": 1,\n', b' "b": "\xc3', b'\xbc"\n}\n')
        assert [parse_json(frame) for frame in frames] == [{"a": 1, "b": "ü"}]

    def test_a_json_array_is_one_text(self) -> None:
        _, frames = self.read(b'[{"a":1},\n{"a":2}]')
        assert [parse_json(frame) for frame in frames] == [[{"a": 1}, {"a": 2}]]

    def test_json_wins_over_a_wrong_content_type(self) -> None:
        assert self.read(b'{"a":1}\n', content_type="text/event-stream")[1] == ['{"a":1}']

    def test_event_lines_among_json_lines_mean_their_data(self) -> None:
        assert self.read(b'{"a":1}\ndata: {"b":2}\n\ndata: [DONE]\n')[1] == ['{"a":1}', '{"b":2}', "[DONE]"]

    def test_a_page_has_no_frames(self) -> None:
        body, frames = self.read(b"<!doc", b"type html>", content_type="text/html")
        assert (body.kind, frames, body.page) == (BodyKind.PAGE, [], b"<!doctype html>")

    def test_a_foreign_text_is_told_from_a_quiet_stream(self) -> None:
        assert self.read(b"upstream connect error\nreset")[0].foreign == "upstream connect error"
        assert self.read(b": ping\n\n")[0].foreign is None
        assert self.read(b"")[0].foreign is None

    @given(st.lists(st.binary(max_size=20), max_size=12), st.sampled_from(["", "text/html"]))
    def test_any_split_gives_the_same_frames(self, parts: list[bytes], content_type: str) -> None:
        assert (
            self.read(*parts, content_type=content_type)[1]
            == self.read(b"".join(parts), content_type=content_type)[1]
        )

    @given(
        st.lists(st.sampled_from([b'{"a":1}', b"{", b"}", b"\n", b"\r", b"[", b"]", b" "]), max_size=20),
        st.data(),
    )
    def test_any_split_of_json_gives_the_same_frames(self, pieces: list[bytes], data: st.DataObject) -> None:
        body = b"{" + b"".join(pieces)
        at = data.draw(st.lists(st.integers(0, len(body)), max_size=30))
        assert self.read(*cut(body, at))[1] == self.read(body)[1]


@pytest.mark.parametrize("text", ["", " ", "{", "[DONE]", "{} x", "[" * 100_000, "9" * 10_000, "nul"])
def test_unreadable_json_is_no_exception(text: str) -> None:
    assert parse_json(text) is UNREADABLE


@pytest.mark.parametrize(("text", "value"), [(" {} ", {}), ("null", None), ("\n[1]\r\n", [1]), ('"a"', "a")])
def test_readable_json(text: str, value: object) -> None:
    assert parse_json(text) == value
