"""`POST /v1/moderations` (`wire.md` 3.6, D66; ``OpenAI spec``, Zaguan SDKs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import ListRules, read_entries, unwrap_list
from zaguan_tui.client.types.core.primitives import (
    Reader,
    UnreadableValue,
    amount,
    describe,
    filled_text,
    flag,
    identifier,
    mapping,
    texts,
)

CATEGORIES = (
    "hate",
    "hate/threatening",
    "harassment",
    "harassment/threatening",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
    "illicit",
    "illicit/violent",
)
"""The names OpenAI has; servers may have others."""


def _squeezed(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


_USUAL = {_squeezed(name): name for name in CATEGORIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationResult:
    """The verdict on one input. Names are OpenAI's (``self-harm/intent``) in whatever spelling they came.

    ``categories`` says which apply (``None``: not judged), ``scores`` how surely (0..1), ``input_types`` what
    of the input each one looked at (text, image).
    """

    flagged: bool | None = None
    categories: Mapping[str, bool | None] = field(default_factory=dict, hash=False)
    scores: Mapping[str, float] = field(default_factory=dict, hash=False)
    input_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def hits(self) -> tuple[str, ...]:
        """The categories that apply, the surest first."""
        names = [name for name, applies in self.categories.items() if applies]
        return tuple(sorted(names, key=lambda name: -self.scores.get(name, 0.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation(Answer):
    """One verdict per input, in the inputs' order."""

    id: str | None = None
    model: str | None = None
    results: tuple[ModerationResult, ...] = ()


_AROUND = FieldTable({"id": (identifier, ("id",)), "model": (filled_text, ("model",))})
_RESULT = FieldTable(
    {
        "flagged": (flag, ("flagged",)),
        "categories": (mapping, ("categories",)),
        "scores": (mapping, ("category_scores", "scores")),
        "input_types": (mapping, ("category_applied_input_types",)),
    }
)
_RULES = ListRules(names=("results",), is_entry=_RESULT.recognises)


def read_moderation(body: Any) -> Moderation:
    """Read the verdicts; raises :class:`UnreadableValue` when there are none."""
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    numbered = iter(range(len(listing.entries)))
    results = read_entries(
        listing,
        lambda key, value: (next(numbered), _read_result(value, drift, listing.path_of(key))),
        drift,
        lambda item: item[0],
    )
    return Moderation(
        results=tuple(result for _, result in results),
        **_AROUND.read(listing.around, drift, ""),
        notes=drift.notes,
        raw=body,
    )


def _read_result(value: Any, drift: Drift, path: str) -> ModerationResult:
    if not _RESULT.recognises(value):
        raise UnreadableValue("", describe(value))
    values = _RESULT.read(value, drift, path)
    return ModerationResult(
        flagged=values.get("flagged"),
        categories=_named(values.get("categories", {}), flag, drift, f"{path}.categories", keep_none=True),
        scores=_named(values.get("scores", {}), amount, drift, f"{path}.category_scores"),
        input_types=_named(
            values.get("input_types", {}), texts, drift, f"{path}.category_applied_input_types"
        ),
        raw=value,
    )


def _named(
    held: Mapping[str, Any], read: Reader, drift: Drift, path: str, *, keep_none: bool = False
) -> dict[str, Any]:
    by_name: dict[str, Any] = {}
    for name, value in held.items():
        try:
            item = read(value, name)
        except UnreadableValue as error:
            drift.field(path, name, error.received)
            continue
        if item is not None or keep_none:
            by_name[_USUAL.get(_squeezed(name), name)] = item
    return by_name
