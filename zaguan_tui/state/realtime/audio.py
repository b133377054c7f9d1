"""Audio of a session: its format, its length, and a WAV file of it."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_FORMATS: Final = {
    "audio/pcm": (1, 2),
    "pcm16": (1, 2),
    "audio/pcmu": (7, 1),
    "g711_ulaw": (7, 1),
    "audio/pcma": (6, 1),
    "g711_alaw": (6, 1),
}
"""Name on the wire: the tag in a WAV file, and bytes of a sample."""
_TELEPHONE_RATE: Final = 8_000
_DEFAULT_RATE: Final = 24_000
_FASTEST: Final = 384_000
_MAX_SIZE: Final = 2**32 - 1_024


class AudioError(Exception):
    """Audio that cannot be saved; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One channel of samples: the format's name, samples a second, and the tag of a WAV file."""

    name: str = "audio/pcm"
    rate: int = _DEFAULT_RATE
    tag: int | None = 1
    width: int = 2

    def seconds(self, octets: int) -> float | None:
        """How long so many bytes last; ``None`` when the format is unknown."""
        return None if self.tag is None else octets / (self.rate * self.width)


def read_audio_format(session: Mapping[str, Any]) -> AudioFormat:
    """The output format a session names (in its current shape); 16 bit PCM of 24 kHz when it names none."""
    audio = session.get("audio")
    output = audio.get("output") if isinstance(audio, Mapping) else None
    format_entry = output.get("format") if isinstance(output, Mapping) else None
    if format_entry is None:
        return AudioFormat()
    name = format_entry.get("type") if isinstance(format_entry, Mapping) else format_entry
    tag, width = _FORMATS.get(name, (None, 1)) if isinstance(name, str) else (None, 1)
    usual = _TELEPHONE_RATE if tag in (6, 7) else _DEFAULT_RATE
    rate = format_entry.get("rate") if isinstance(format_entry, Mapping) else None
    whole = isinstance(rate, int) and not isinstance(rate, bool) and 0 < rate <= _FASTEST
    return AudioFormat(str(name), rate if whole and isinstance(rate, int) else usual, tag, width)


def make_wav_header(sound: AudioFormat, octets: int) -> bytes:
    """What stands before so many bytes of samples. Raises :class:`AudioError` for a format without a tag."""
    if sound.tag is None:
        raise AudioError(f"Sound in the format {sound.name[:60]} cannot be put into a WAV file.")
    if octets > _MAX_SIZE:
        raise AudioError("There is more sound than a WAV file can hold.")
    shape = struct.pack(
        "<HHIIHH", sound.tag, 1, sound.rate, sound.rate * sound.width, sound.width, sound.width * 8
    )
    chunks = [_chunk(b"fmt ", shape if sound.tag == 1 else shape + b"\0\0")]
    if sound.tag != 1:
        chunks.append(_chunk(b"fact", struct.pack("<I", octets // sound.width)))
    head = b"".join(chunks) + b"data" + struct.pack("<I", octets)
    return b"RIFF" + struct.pack("<I", 4 + len(head) + octets + octets % 2) + b"WAVE" + head


def write_wav(path: Path, pieces: Sequence[bytes], sound: AudioFormat) -> float:
    """Write a WAV file where there is none yet; returns its length in seconds.

    Raises :class:`AudioError` and ``OSError``; ``FileExistsError`` when there is a file already. A file that
    could not be written whole is taken away again. Blocking: for a thread.
    """
    samples = b"".join(pieces)
    samples = samples[: len(samples) // sound.width * sound.width]
    header = make_wav_header(sound, len(samples))
    with path.open("xb") as file:
        try:
            file.write(header + samples + b"\0" * (len(samples) % 2))
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    return len(samples) / (sound.rate * sound.width)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body
