"""Field types of the request models: pydantic constraints that report our error codes.

Used inside ``Annotated``: ``temperature: Annotated[float, Number(0, 2)] | None``. Each gives the JSON
schema of what it takes; the sentence of a refusal is made in :mod:`~..sentences`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from zaguan_tui.client.requests.models.base import JsonSchema, refusal
from zaguan_tui.client.requests.sentences import TEXT, describe_type, describe_value

MAX_METADATA = 16
MAX_METADATA_KEY = 64
MAX_METADATA_VALUE = 512


def _coded(schema: CoreSchema, code: str, **context: str | float) -> CoreSchema:
    return core_schema.custom_error_schema(
        schema, code, custom_error_message=code, custom_error_context=context
    )


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number between the bounds, both included; a bool is none."""

    lowest: float
    highest: float | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.float_schema(strict=True, ge=self.lowest, le=self.highest, allow_inf_nan=False)
        return _coded(number, "number", **_bounds(self.lowest, self.highest))


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number between the bounds, both included; a bool is none."""

    lowest: int
    highest: int | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.int_schema(strict=True, ge=self.lowest, le=self.highest)
        return _coded(number, "integer", **_bounds(self.lowest, self.highest))


def _bounds(lowest: float, highest: float | None) -> dict[str, float]:
    return {"lowest": lowest} | ({} if highest is None else {"highest": highest})


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the words of a ``Literal``."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _coded(handler(source), "choice", allowed=", ".join(get_args(source)))


@dataclass(frozen=True, slots=True)
class Flag:
    """True or False, and no number."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _coded(core_schema.bool_schema(strict=True), "flag")


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A value that ``function`` refuses by raising :func:`refusal`; ``schema`` is its JSON schema.

    For texts (pydantic refuses half a surrogate pair, servers do not) and rules beyond types and bounds.
    """

    function: Callable[[Any], object]
    schema: JsonSchema

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._run)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return dict(self.schema)

    def _run(self, value: Any) -> Any:
        self.function(value)
        return value


@dataclass(frozen=True, slots=True)
class TypedObject:
    """A mapping whose ``type`` is a text (a part or block of a message); ``check`` sees those that are.

    A function instead of a model: a prompt may hold hundreds.
    """

    types: str
    """Which types there are."""
    check: Callable[[Mapping[str, Any]], None] | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        kind = {"type": "string", "description": self.types}
        return {"type": "object", "properties": {"type": kind}, "required": ["type"]}

    def _check(self, value: Any) -> Any:
        if not isinstance(value, Mapping) or not isinstance(value.get("type"), str):
            detail = "type" if isinstance(value, Mapping) else ""
            raise refusal("type", "has no type", "a mapping with a type", detail=detail)
        if self.check is not None:
            self.check(value)
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not blank, of at most ``most`` characters."""

    most: int | None = None
    words: tuple[str, ...] = ()
    """Suggestions; any other text is taken."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        most = {} if self.most is None else {"maxLength": self.most}
        examples = {"examples": list(self.words)} if self.words else {}
        return {"type": "string", "pattern": r"\S", **most, **examples}

    def _check(self, value: object) -> object:
        if isinstance(value, str) and value.strip() and (self.most is None or len(value) <= self.most):
            return value
        raise PydanticCustomError("text", "text", {} if self.most is None else {"most": self.most})


@dataclass(frozen=True, slots=True)
class Object:
    """A mapping of anything to what the annotation says."""

    allowed: str = "a mapping"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def _check(self, value: object) -> object:
        if not isinstance(value, Mapping):
            raise PydanticCustomError("mapping", "mapping", {"allowed": self.allowed})
        return value


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of ``least`` to ``most`` entries, each as the annotation says.

    With ``mappings`` an entry that is no mapping is an error of the list, as ``allowed`` says.
    """

    allowed: str = "a list"
    most: int | None = None
    least: int = 0
    entry: str = "entry"
    mappings: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        bounds = {"minItems": self.least or None, "maxItems": self.most}
        return {**handler(schema), **{name: bound for name, bound in bounds.items() if bound is not None}}

    def _check(self, value: object) -> object:
        if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
            raise PydanticCustomError("list", "list", {"allowed": self.allowed})
        if self.mappings and not all(isinstance(item, Mapping) for item in value):
            raise PydanticCustomError("list", "list", {"allowed": self.allowed})
        if len(value) < self.least:
            raise refusal("list_size", "is empty", f"at least one {self.entry}")
        if self.most is not None and len(value) > self.most:
            raise refusal("list_size", f"has {len(value)} entries", f"at most {self.most}")
        return list(value)


@dataclass(frozen=True, slots=True)
class TextOr:
    """A text, or the list of the annotation's union.

    ``allowed`` is what the sentence asks for when neither is given; without it, the sentence is the list's.
    """

    allowed: str | None = None
    blank: bool = True

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        (other,) = (kind for kind in get_args(source) if kind not in (str, NoneType))
        return core_schema.no_info_wrap_validator_function(self._check, handler.generate_schema(other))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        text = {"type": "string"} | ({} if self.blank else {"pattern": r"\S"})
        return {"anyOf": [text, handler(schema)]}

    def _check(self, value: object, validate: Callable[[object], object]) -> object:
        if isinstance(value, str):
            if not self.blank and not value.strip():
                raise PydanticCustomError("text", "text")
            return value
        if self.allowed is not None and not isinstance(value, (list, tuple)):
            raise refusal("type", describe_type(value), self.allowed)
        return validate(value)


def refuse_blank(value: object, at: str = "") -> None:
    """Raise the refusal of a text unless ``value`` is one that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise refusal("text", f"is {describe_value(value)}", TEXT, at=at)


def _refuse_bad_metadata(value: Any) -> None:
    if not isinstance(value, Mapping):
        raise refusal("mapping", f"is {describe_value(value)}", "a mapping of texts to texts")
    if len(value) > MAX_METADATA:
        raise refusal("metadata", f"has {len(value)} pairs", f"at most {MAX_METADATA}")
    for key, text in value.items():
        if not isinstance(key, str) or len(key) > MAX_METADATA_KEY:
            allowed = f"texts to {MAX_METADATA_KEY} characters"
            raise refusal("metadata", f"has the key {describe_value(key)}", allowed)
        if not isinstance(text, str) or len(text) > MAX_METADATA_VALUE:
            allowed = f"a text of at most {MAX_METADATA_VALUE} characters"
            raise refusal("metadata", f"is {describe_value(text)}", allowed, at=key)


def _refuse_no_text_or_object(value: Any) -> None:
    if not isinstance(value, Mapping):
        refuse_blank(value)


FileContent = Annotated[Any, WithJsonSchema({"type": "string", "format": "binary"})]
"""A file of a form: a path or an ``Upload``; ``upload_source`` looks at it."""

NonBlank = Annotated[str, Text()]

Boolean = Annotated[bool, Flag()]

AnyObject = Annotated[dict[Any, Any], Object()]
"""A mapping whose members are the server's business."""

Metadata = Annotated[
    dict[str, str],
    Check(
        _refuse_bad_metadata,
        {
            "type": "object",
            "maxProperties": MAX_METADATA,
            "propertyNames": {"maxLength": MAX_METADATA_KEY},
            "additionalProperties": {"type": "string", "maxLength": MAX_METADATA_VALUE},
        },
    ),
]
"""At most 16 pairs of texts (OpenAI spec)."""

TextOrObject = Annotated[
    str | dict[str, Any],
    Check(_refuse_no_text_or_object, {"anyOf": [{"type": "string", "pattern": r"\S"}, {"type": "object"}]}),
]
"""A word or an object (``response_format``, ``tool_choice``)."""
