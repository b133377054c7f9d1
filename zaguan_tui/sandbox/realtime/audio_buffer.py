"""Input audio buffer with speech detection."""

from __future__ import annotations

import array
import base64
import binascii
from dataclasses import dataclass

from zaguan_tui.sandbox.engine.media.audio import RATE
from zaguan_tui.sandbox.realtime.wire import RealtimeError

SPEECH_THRESHOLD = 500
"""Samples beyond this are speech."""
MAX_BYTES = 15 * 1024 * 1024
_MIN_COMMIT_MS = 100
_BYTES_A_MS = RATE * 2 // 1000


@dataclass(frozen=True, slots=True)
class SpeechChange:
    """Speech began (``started``) or ended at that many milliseconds of the session."""

    started: bool
    at_ms: int


class AudioInputBuffer:
    """Collects 16-bit samples and detects speech by loudness for the server's turn detection."""

    def __init__(self) -> None:
        self._samples = bytearray()
        self._total_ms = 0
        self._quiet_ms = 0
        self._speaking = False

    def append(self, audio: object, silence_ms: int) -> SpeechChange | None:
        """Take one chunk, base64. Returns what changed. Raises `RealtimeError` for what is no audio."""
        if not isinstance(audio, str) or len(audio) > MAX_BYTES * 4 // 3 + 4:
            raise RealtimeError("'audio' must be base64 of at most 15 MiB.", "audio")
        try:
            data = base64.b64decode(audio, validate=True)
        except (binascii.Error, ValueError) as error:
            raise RealtimeError("'audio' is not base64.", "audio") from error
        data = data[: len(data) // 2 * 2]
        self._samples += data
        if len(self._samples) > MAX_BYTES:
            del self._samples[: len(self._samples) - MAX_BYTES]
        length = len(data) // _BYTES_A_MS
        self._total_ms += length
        samples = array.array("h", data)
        loud = bool(samples) and max(max(samples), -min(samples)) > SPEECH_THRESHOLD
        if loud:
            self._quiet_ms = 0
            if not self._speaking:
                self._speaking = True
                return SpeechChange(True, self._total_ms - length)
        elif self._speaking:
            self._quiet_ms += length
            if self._quiet_ms >= silence_ms:
                self._speaking = False
                return SpeechChange(False, self._total_ms)
        return None

    def take(self) -> bytes:
        """The audio since the last commit. Raises `RealtimeError` when it is next to nothing."""
        if len(self._samples) < _MIN_COMMIT_MS * _BYTES_A_MS:
            have = len(self._samples) // _BYTES_A_MS
            message = f"The buffer holds {have} ms of audio; {_MIN_COMMIT_MS} ms are needed."
            raise RealtimeError(message, code="input_audio_buffer_commit_empty")
        data = bytes(self._samples)
        self.clear()
        return data

    def clear(self) -> None:
        """Drop the audio."""
        self._samples.clear()
        self._speaking, self._quiet_ms = False, 0
