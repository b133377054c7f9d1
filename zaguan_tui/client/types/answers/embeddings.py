"""`POST /v1/embeddings`: vectors in both wire forms (`wire.md` 3.3, D57 to D60; ``OpenAI spec``)."""

from __future__ import annotations

import binascii
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import ListRules, read_entries, unwrap_list
from zaguan_tui.client.types.core.primitives import UnreadableValue, count, describe, filled_text

if TYPE_CHECKING:
    Vector: TypeAlias = array[float]
else:
    Vector = array
    """An ``array`` of 32-bit floats; not subscriptable at run time before Python 3.12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """The vector of input number ``index`` (from 0), as 32-bit floats whichever form came.

    An ``array`` is a buffer: ``memoryview`` and numpy take it without a copy.
    """

    index: int
    vector: Vector = field(hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingList(Answer):
    """One vector per input, sorted by index. ``dialect`` is the form they came in: float or base64."""

    data: tuple[Embedding, ...] = ()
    model: str | None = None
    usage: Usage | None = None

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """The vectors alone, in the inputs' order."""
        return tuple(item.vector for item in self.data)


_AROUND = FieldTable({"model": (filled_text, ("model",))})
_RULES = ListRules(names=("embeddings",), is_entry=lambda value: "embedding" in value or "vector" in value)


def read_embeddings(body: Any) -> EmbeddingList:
    """Read vectors from number lists or base64 of little-endian 32-bit floats (OpenAI's own client asks for
    the latter).

    Raises :class:`UnreadableValue` when there is no list of vectors, or none of it can be read.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    forms: set[str] = set()
    data = read_entries(
        listing, lambda key, value: _read_entry(key, value, forms), drift, lambda item: item.index
    )
    if len({len(item.vector) for item in data}) > 1:
        drift.say("the vectors differ in length")
    around = listing.around
    return EmbeddingList(
        data=tuple(sorted(data, key=lambda item: item.index)),
        usage=read_usage(around.get("usage"), drift),
        dialect=forms.pop() if len(forms) == 1 else None,
        **_AROUND.read(around, drift, ""),
        notes=drift.notes,
        raw=body,
    )


def _read_entry(key: str | int, value: Any, forms: set[str]) -> Embedding:
    place = key if isinstance(key, int) else None
    held = value
    if isinstance(value, Mapping):
        held = value.get("embedding", value.get("vector"))
        try:
            sent_index = count(value.get("index"), "index")
        except UnreadableValue:
            sent_index = None
        place = place if sent_index is None else sent_index
    if place is None:
        raise UnreadableValue("index", "nothing")
    vector = read_vector(held)
    forms.add("base64" if isinstance(held, str) else "float")
    return Embedding(index=place, vector=vector)


def read_vector(value: Any) -> Vector:
    """One vector out of either form, without a Python loop over its numbers."""
    vector: Vector = array("f")
    try:
        if isinstance(value, str):
            data = binascii.a2b_base64(value, strict_mode=True)
            vector.frombytes(data)
            if sys.byteorder == "big":
                vector.byteswap()
        elif isinstance(value, list):
            vector = array("f", value)
        else:
            raise UnreadableValue("embedding", describe(value))
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, UnreadableValue):
            raise
        raise UnreadableValue("embedding", describe(value)) from None
    if not vector:
        raise UnreadableValue("embedding", describe(value))
    return vector
