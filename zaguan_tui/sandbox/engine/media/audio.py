"""Generate and read speech audio: tones as long as the words would take, as real WAV and PCM.

The text is stored in the WAV file (a comment of the INFO list), so that a transcription of the sandbox's own
speech returns it. MP3 is a stated subset: valid frames of silence, of the right length.
"""

from __future__ import annotations

import array
import io
import math
import struct
import wave
from dataclasses import dataclass
from hashlib import blake2b

from zaguan_tui.sandbox.engine.seeds import stream

RATE = 24_000
_LETTERS_A_SECOND = 15.0
_MIN_LENGTH, _MAX_LENGTH = 0.3, 300.0
_MP3_HEADER = bytes((0xFF, 0xFB, 0x90, 0xC4))
"""MPEG 1 layer III, 128 kbit/s, 44.1 kHz, one channel."""
_MP3_FRAME = 417
_MP3_FRAME_SECONDS = 1152 / 44_100
_GUESSED_BYTES_A_SECOND = 16_000.0


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording holds: its length, and the words that came with it, if any."""

    seconds: float
    text: str | None


def estimate_duration(text: str, speed: float = 1.0) -> float:
    """Seconds that ``text`` takes."""
    return min(_MAX_LENGTH, max(_MIN_LENGTH, len(text) / _LETTERS_A_SECOND / speed))


def make_pcm(text: str, voice: str, speed: float = 1.0) -> bytes:
    """16-bit little-endian samples, one channel, 24 kHz: one soft tone for every word."""
    total = int(estimate_duration(text, speed) * RATE)
    pitch = 110 + blake2b(voice.encode(), digest_size=1).digest()[0] / 2
    samples = array.array("h", bytes(2 * total))
    words = text.split() or ["…"]
    letters = sum(map(len, words)) + len(words)
    start = 0.0
    for word in words:
        length = total * (len(word) + 1) / letters
        tone = pitch * stream(0, "tone", word.lower()).uniform(0.85, 1.35)
        _tone(samples, int(start), min(total, int(start + length * 0.85)), tone)
        start += length
    return samples.tobytes()


def make_wav(text: str, voice: str, speed: float = 1.0) -> bytes:
    """The same as a WAV file, with the text in its comment."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(make_pcm(text, voice, speed))
    comment = text.encode() + b"\0"
    comment += b"\0" * (len(comment) % 2)
    info = b"INFO" + b"ICMT" + struct.pack("<I", len(comment)) + comment
    body = out.getvalue() + b"LIST" + struct.pack("<I", len(info)) + info
    return body[:4] + struct.pack("<I", len(body) - 8) + body[8:]


def make_mp3(text: str, speed: float = 1.0) -> bytes:
    """Silence of the right length, as MP3 frames."""
    frames = math.ceil(estimate_duration(text, speed) / _MP3_FRAME_SECONDS)
    return (_MP3_HEADER + bytes(_MP3_FRAME - len(_MP3_HEADER))) * frames


def read_recording(data: bytes) -> Recording:
    """Length and words of a recording. Raises `ValueError` for a WAV file that is broken or empty data."""
    if not data:
        raise ValueError("The audio file is empty.")
    if data[:4] != b"RIFF":
        return Recording(max(0.1, len(data) / _GUESSED_BYTES_A_SECOND), None)
    try:
        with wave.open(io.BytesIO(data)) as file:
            seconds = file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise ValueError("The audio file is not a WAV file that can be read.") from error
    return Recording(seconds, _comment(data))


def _comment(data: bytes) -> str | None:
    place = data.rfind(b"INFOICMT")
    if place < 0 or place + 12 > len(data):
        return None
    (size,) = struct.unpack("<I", data[place + 8 : place + 12])
    return data[place + 12 : place + 12 + size].rstrip(b"\0").decode("utf-8", "replace") or None


def _tone(samples: array.array[int], first: int, last: int, pitch: float) -> None:
    """A tone that swells and fades; one wave is computed and repeated, which is what makes it quick."""
    period = max(2, round(RATE / pitch))
    cycle = [
        math.sin(2 * math.pi * x / period) + 0.4 * math.sin(4 * math.pi * x / period) for x in range(period)
    ]
    length = max(1, last - first)
    for begin in range(first, last, period):
        swell = 5200 * math.sin(math.pi * (begin - first) / length)
        end = min(begin + period, last)
        samples[begin:end] = array.array("h", [int(value * swell) for value in cycle[: end - begin]])
