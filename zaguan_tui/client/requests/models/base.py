"""Base classes of the request models, and the error that a rule of theirs raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from zaguan_tui.client.requests.sentences import describe_type

JsonSchema = dict[str, Any]


def refusal(code: str, problem: str, allowed: str, *, at: str = "", detail: str = "") -> PydanticCustomError:
    """An error that knows its own sentence. ``at`` is added to the path of the value that is validated.

    ``detail`` is added to the path of the finding only, not to the field that the sentence names.
    """
    context = {"problem": problem, "allowed": allowed, "at": at, "detail": detail}
    return PydanticCustomError(code, "{problem}", context)


def required(description: str) -> Any:
    """A field that the call cannot be made without."""
    return Field(description=description)


def optional(description: str) -> Any:
    """A field that is not sent unless it is given; ``None`` counts as absent."""
    return Field(default=None, description=description)


def _add_source(schema: JsonSchema, model: type[RequestModel]) -> None:
    schema["$comment"] = f"Source: {model.source}"


class FieldGroup(BaseModel):
    """A mapping inside a request. Fields that the model does not know are allowed and not looked at."""

    model_config = ConfigDict(extra="ignore", defer_build=True, protected_namespaces=())

    allowed: ClassVar[str] = "a mapping"
    """What the sentence asks for when something else than a mapping is given."""

    @model_validator(mode="before")
    @classmethod
    def _check_mapping(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            raise refusal("mapping", describe_type(value), cls.allowed)
        return value


class RequestModel(FieldGroup):
    """The body, form or query of one call. It checks: what goes out is what the caller gave."""

    model_config = ConfigDict(json_schema_extra=_add_source)

    source: ClassVar[str]
    """Where names, types and ranges come from."""

    @classmethod
    def json_schema(cls) -> JsonSchema:
        """The JSON Schema (2020-12) of the request."""
        return cls.model_json_schema()
