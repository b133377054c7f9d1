"""Audio calls: transcription, translation and speech (wire reference §3.4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint, endpoint_of_method
from zaguan_tui.client.dispatch.call import JSON_TYPE, Call
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.dispatch.reply import RawReply
from zaguan_tui.client.dispatch.trace import StreamResponse
from zaguan_tui.client.endpoints.transfer_group import ANY_TYPE, TransferGroup
from zaguan_tui.client.errors.answer_errors import is_error_answer
from zaguan_tui.client.errors.body import is_page
from zaguan_tui.client.errors.exceptions import ResponseFormatError
from zaguan_tui.client.errors.reader import read_error
from zaguan_tui.client.streaming.json_text import parse_json

if TYPE_CHECKING:
    from zaguan_tui.client.requests.audio import SpeechParams, TranscriptionParams, TranslationParams
    from zaguan_tui.client.requests.multipart import FormDraft, Progress
    from zaguan_tui.client.requests.upload_source import FileInput
    from zaguan_tui.client.streaming.byte_stream import ByteStream, Inspection
    from zaguan_tui.client.streaming.media.audio import SpeechStream, TranscriptStream
    from zaguan_tui.client.types.answers.audio import Transcription

_TEXT_TYPES = {"text/vtt": "vtt", "application/x-subrip": "srt", "text/srt": "srt"}
_REFUSAL_READ = 64 * 1024
_NOT_AUDIO = ("application/json", "application/problem+json", "application/xml")


class AudioEndpoints(TransferGroup):
    """``/v1/audio``."""

    @endpoint("POST", "/v1/audio/transcriptions")
    async def create_transcription(
        self,
        row: Endpoint,
        *,
        file: FileInput,
        model: str,
        progress: Progress | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[TranscriptionParams],
    ) -> Transcription:
        """What is said in a recording, in its own language. ``params``: see :class:`TranscriptionParams`.

        The file is sent from disk piece by piece, ``progress`` is told how far. Whatever format is asked for
        and comes, the answer is one type (D62).
        """
        from zaguan_tui.client.requests.audio import transcription_form

        form = transcription_form(file, model, params, stream=False, progress=progress)
        return await self._transcribe(row, form, params.get("response_format"), options)

    def create_transcription_stream(
        self,
        *,
        file: FileInput,
        model: str,
        progress: Progress | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[TranscriptionParams],
    ) -> TranscriptStream:
        """The same as it is understood: an async context manager, and inside an async iterator of events."""
        from zaguan_tui.client.requests.audio import transcription_form
        from zaguan_tui.client.streaming.media.audio import TranscriptStream

        form = transcription_form(file, model, params, stream=True, progress=progress)
        setup = self._events(endpoint_of_method("create_transcription"), form=form, options=options)
        return TranscriptStream(setup.open, model=model, settings=setup.settings)

    @endpoint("POST", "/v1/audio/translations")
    async def create_translation(
        self,
        row: Endpoint,
        *,
        file: FileInput,
        model: str,
        progress: Progress | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[TranslationParams],
    ) -> Transcription:
        """What is said in a recording, in English. ``params``: see :class:`TranslationParams`."""
        from zaguan_tui.client.requests.audio import translation_form

        form = translation_form(file, model, params, progress=progress)
        return await self._transcribe(row, form, params.get("response_format"), options)

    @endpoint("POST", "/v1/audio/speech")
    def create_speech(
        self,
        row: Endpoint,
        *,
        model: str,
        input: str,  # noqa: A002 - the wire's own name
        voice: str | Mapping[str, Any],
        options: RequestOptions | None = None,
        **params: Unpack[SpeechParams],
    ) -> ByteStream:
        """A text of up to 4096 characters, spoken: ``await client.create_speech(…).save("hello.mp3")``.

        Or enter it and iterate over the bytes as they come. Nothing is sent before. An error, or anything
        else that is no sound, is raised on entering and never saved.
        """
        from zaguan_tui.client.requests.audio import speech_body

        body = speech_body(model, input, voice, params, events=False)
        return self._download(row, body=body, inspect=self._sound_check, options=options)

    def create_speech_stream(
        self,
        *,
        model: str,
        input: str,  # noqa: A002 - the wire's own name
        voice: str | Mapping[str, Any],
        options: RequestOptions | None = None,
        **params: Unpack[SpeechParams],
    ) -> SpeechStream:
        """The same as events (``stream_format: sse``), with token counts at the end."""
        from zaguan_tui.client.requests.audio import speech_body
        from zaguan_tui.client.streaming.media.audio import SpeechStream

        body = speech_body(model, input, voice, params, events=True)
        setup = self._events(endpoint_of_method("create_speech"), body=body, options=options)
        return SpeechStream(setup.open, model=model, settings=setup.settings)

    async def _transcribe(
        self, row: Endpoint, form: FormDraft, requested_format: str | None, options: RequestOptions | None
    ) -> Transcription:
        from zaguan_tui.client.requests.audio import PLAIN_FORMATS
        from zaguan_tui.client.types.answers.audio import read_plain_transcription, read_transcription

        accept = ANY_TYPE if requested_format in PLAIN_FORMATS else JSON_TYPE
        call, reply = await self._send_form(row, form, accept=accept, options=options)
        if is_page(reply.body, reply.content_type):
            context = self._dispatcher.context(call, reply.meta)
            raise read_error(reply.status, reply.headers, reply.body, context)
        plain = _plain_form(reply, requested_format)
        if plain is not None:
            return replace(read_plain_transcription(reply.text, plain), response=reply.meta)

        def reader(value: Any) -> Transcription:
            # Some servers write even a plain transcript as a JSON string (common).
            return (
                read_plain_transcription(value, requested_format or "text")
                if isinstance(value, str)
                else read_transcription(value)
            )

        return await self._make(call, reply, reader)

    def _sound_check(self, call: Call) -> Inspection:
        async def check(response: StreamResponse, first: bytes, rest: AsyncIterator[bytes]) -> None:
            if _may_be_audio(response.content_type, first):
                return
            body = first
            async for piece in rest:
                body += piece
                if len(body) >= _REFUSAL_READ:
                    break
            parsed = parse_json(body.decode(errors="replace"))
            if is_page(body, response.content_type) or is_error_answer(parsed):
                context = self._dispatcher.context(call, response.meta)
                raise read_error(response.status, response.headers, body, context)
            actual = f"{len(body)} bytes of {response.content_type or 'unnamed type'}" if body else "nothing"
            raise ResponseFormatError(
                "$", actual, expected="sound", endpoint=call.endpoint.label, meta=response.meta
            )

        return check


def _plain_form(reply: RawReply, requested_format: str | None) -> str | None:
    """The format of a transcript that is text; ``None`` for JSON. The type decides, then what was asked."""
    from zaguan_tui.client.requests.audio import PLAIN_FORMATS

    kind = reply.content_type
    if kind in _TEXT_TYPES:
        return _TEXT_TYPES[kind]
    if "json" in kind:
        return None
    if requested_format in PLAIN_FORMATS:
        return requested_format
    return "text" if kind.startswith("text/") and not reply.body.lstrip().startswith(b"{") else None


def _may_be_audio(content_type: str, first: bytes) -> bool:
    """Whether a body can be what was asked for, by its type and its first bytes."""
    if not first or content_type.startswith("text/") or content_type in _NOT_AUDIO:
        return False
    if is_page(first):
        return False
    named = content_type.startswith(("audio/", "video/"))
    return not first.lstrip().startswith((b'{"error"', b'{"detail"') if named else (b'{"', b"{\n", b"{ "))
