"""Faults that a request asks for with the header ``x-sandbox-fault``.

``x-sandbox-fault: cut`` or, with a value, ``x-sandbox-fault: cut; after=20``. Unknown words are a 400.

=============  ====================================================================================
``500``        the provider fails: 502 upstream error, counted by its breaker (plain 500 elsewhere)
``429``        the provider throttles: 429 with Retry-After (``after``: seconds, default 2)
``402``        insufficient_credits
``403-band``   band_access_denied
``html``       502 with an HTML page, as a proxy in front would answer
``html-200``   200 with an HTML page
``timeout``    504 after ``after`` seconds (default 1), counted by the breaker
``stall``      stops sending after ``after`` tokens (default 8) and keeps the connection open
``cut``        the TCP connection closes after ``after`` tokens
``error-frame``  an error frame after ``after`` tokens, then the stream ends
``malformed``  one frame that is not JSON after ``after`` tokens; the stream goes on
``no-done``    everything but the terminal ``[DONE]``
=============  ====================================================================================

The last five need a chat stream; on other answers ``stall`` never answers, ``cut`` closes half-way, and the
remaining three do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

HEADER = "x-sandbox-fault"

REFUSALS = frozenset({"500", "429", "402", "403-band", "html", "html-200", "timeout"})
STREAM_FAULTS = frozenset({"stall", "cut", "error-frame", "malformed", "no-done"})

_DEFAULT_AFTER = {"429": 2.0, "timeout": 1.0}
_DEFAULT_TOKENS = 8.0
_MAX_SECONDS_OR_TOKENS = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One asked-for fault; ``after`` is in seconds for refusals, in tokens for stream faults."""

    name: str
    after: float

    @property
    def in_stream(self) -> bool:
        """Whether it strikes after the answer has begun."""
        return self.name in STREAM_FAULTS


def parse_fault(header: str | None) -> Fault | None:
    """Read the header's value. Raises `ValueError` with a sentence for words it does not know."""
    if header is None or not header.strip():
        return None
    name, _, options = (part.strip().lower() for part in header.partition(";"))
    if name not in REFUSALS | STREAM_FAULTS:
        raise ValueError(f"{HEADER} knows {', '.join(sorted(REFUSALS | STREAM_FAULTS))}.")
    after = _DEFAULT_AFTER.get(name, _DEFAULT_TOKENS)
    if options:
        key, _, value = options.partition("=")
        try:
            after = float(value)
        except ValueError:
            after = -1.0
        if key.strip() != "after" or not 0 <= after <= _MAX_SECONDS_OR_TOKENS:
            raise ValueError(f"{HEADER}: after the semicolon comes after=NUMBER, not below 0.")
    return Fault(name, after)
