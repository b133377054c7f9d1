"""Request models of ``/v1/messages`` (Anthropic docs; wire reference §4, D33, D34, D48, D49)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import model_validator

from zaguan_tui.client.requests.models.base import FieldGroup, RequestModel, optional, refusal, required
from zaguan_tui.client.requests.models.fields import (
    AnyObject,
    Boolean,
    Check,
    Choice,
    Integer,
    ListOf,
    NonBlank,
    Number,
    Text,
    TextOr,
    TypedObject,
    refuse_blank,
)
from zaguan_tui.client.requests.sentences import describe_type, explain

MIN_BUDGET = 1024
MAX_BATCHES = 1000
"""Batches one page may hold (Anthropic docs)."""


def _refuse_bad_block(value: Mapping[str, Any]) -> None:
    if value["type"] == "tool_result":
        refuse_blank(value.get("tool_use_id"), at="tool_use_id")


ContentBlock = Annotated[
    dict[str, Any],
    TypedObject(
        "text, image, document, thinking, tool_use, tool_result, or another of the docs.", _refuse_bad_block
    ),
]
"""One block of a turn; a tool_result names its call, thinking blocks go back unchanged."""


class Turn(FieldGroup):
    """One turn of the conversation."""

    allowed: ClassVar[str] = "a mapping with role and content"

    role: Annotated[Literal["user", "assistant", "system"], Choice()] = required("Who speaks.")
    content: Annotated[
        str | Annotated[list[ContentBlock], ListOf("a text or a list of blocks")],
        TextOr("a text or a list of blocks"),
    ] = required("A text or blocks.")


Turns = Annotated[list[Turn], ListOf("a list of messages", least=1, entry="message")]


class Tool(FieldGroup):
    """A tool that the model may call: the caller's own, or one of the server's by its type."""

    name: NonBlank = required("Name of the tool.")
    type: Any = optional("custom for the caller's own (the default), else a tool of the server.")
    input_schema: Any = optional("JSON Schema of the input; the caller's own tools need it.")
    description: Any = optional("What the tool does.")

    @model_validator(mode="after")
    def _check_schema(self) -> Self:
        if self.type in (None, "custom") and not isinstance(self.input_schema, Mapping):
            raise refusal("missing", "is missing", "a JSON schema", at="input_schema")
        return self


class ToolChoice(FieldGroup):
    """Which tools the model may or must call."""

    type: Annotated[Literal["auto", "any", "tool", "none"], Choice()] = required("tool: the one of name.")
    name: Any = optional("The tool to call, for type tool.")

    @model_validator(mode="after")
    def _check_name(self) -> Self:
        if self.type == "tool":
            refuse_blank(self.name, at="name")
        return self


class Thinking(FieldGroup):
    """How the model thinks before it answers."""

    type: Annotated[Literal["enabled", "disabled", "adaptive"], Choice()] = required("Whether it does.")
    budget_tokens: Any = optional("Most tokens to think with: 1024 or more and less than max_tokens.")


def _refuse_bad_stops(value: Any) -> None:
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        raise refusal("list", describe_type(value), "a list of texts")


class _Prompt(RequestModel):
    source: ClassVar[str] = "Anthropic docs"

    model: NonBlank = required("Id of the model.")
    output_config: AnyObject | None = optional("effort (low to max) and format of the answer.")
    system: (
        Annotated[str | Annotated[list[ContentBlock], ListOf()], TextOr("a text or a list of text blocks")]
        | None
    ) = optional("What holds for the whole conversation: a text or text blocks.")
    tools: Annotated[list[Tool], ListOf()] | None = optional("Tools that the model may call.")
    tool_choice: ToolChoice | None = optional("Which of them it may or must call.")


class CountTokensRequest(_Prompt):
    """A request whose tokens are counted."""

    thinking: AnyObject | None = optional("How the model thinks before it answers.")
    messages: Turns = required("The conversation so far.")


class MessagesRequest(_Prompt):
    """A conversation to go on with."""

    max_tokens: Annotated[int, Integer(0)] = required("Most tokens of the answer; 0 only warms the cache.")
    messages: Turns = required("The conversation so far.")
    temperature: Annotated[float, Number(0, 1)] | None = optional("Randomness; the server's default is 1.")
    top_p: Annotated[float, Number(0, 1)] | None = optional("Share of the probability mass to draw from.")
    top_k: Annotated[int, Integer(0)] | None = optional("How many of the likeliest tokens to draw from.")
    thinking: Thinking | None = optional("How the model thinks before it answers.")
    metadata: AnyObject | None = optional("user_id: id of the end user.")
    cache_control: AnyObject | None = optional("Caches the whole prompt: {type: ephemeral}.")
    service_tier: Annotated[str, Text(words=("auto", "standard_only"))] | None = optional(
        "Class of service to bill; servers differ."
    )
    container: NonBlank | None = optional("Container of tools to use again.")
    inference_geo: NonBlank | None = optional("Region to compute in.")
    stop_sequences: (
        Annotated[list[str], Check(_refuse_bad_stops, {"type": "array", "items": {"type": "string"}})] | None
    ) = optional("Texts that end the answer.")
    stream: Boolean | None = optional("Whether to answer with events.")

    @model_validator(mode="after")
    def _check_budget(self) -> Self:
        """Anthropic's own rule: at least 1,024 tokens and less than ``max_tokens`` (D33)."""
        if self.thinking is not None and self.thinking.type == "enabled":
            refuse_bad_budget(self.thinking.budget_tokens, self.max_tokens)
        return self


def refuse_bad_budget(budget: Any, max_tokens: int) -> None:
    """Raise the refusal of a thinking budget that is no whole number or out of its range."""
    at = "thinking.budget_tokens"
    highest = max(max_tokens - 1, MIN_BUDGET)
    code = "integer"
    if not isinstance(budget, int) or isinstance(budget, bool) or not MIN_BUDGET <= budget <= highest:
        problem, allowed = explain(code, {"lowest": MIN_BUDGET, "highest": highest}, budget)
        raise refusal(code, problem, allowed, at=at)
    if budget >= max_tokens:
        allowed = f"{MIN_BUDGET} or more and less than max_tokens"
        raise refusal("conflict", f"is {budget}, max_tokens {max_tokens}", allowed, at=at)


class BatchedParams(MessagesRequest):
    """The body of a message call inside a batch."""

    allowed: ClassVar[str] = "a mapping: a message call"

    @model_validator(mode="before")
    @classmethod
    def _check_no_stream(cls, value: object) -> object:
        if isinstance(value, Mapping) and value.get("stream"):
            raise refusal("stream", "is set", "no streams inside a batch", at="stream")
        return value


class BatchedRequest(FieldGroup):
    """One request of a batch."""

    allowed: ClassVar[str] = "a mapping with custom_id and params"

    custom_id: NonBlank = required("Id of the request in the results, unique in its batch.")
    params: BatchedParams = required("The body of a message call, without stream.")


class MessageBatchRequest(RequestModel):
    """Message calls that are answered within a day."""

    source: ClassVar[str] = "Anthropic docs"

    requests: Annotated[
        list[BatchedRequest],
        ListOf("a list of {custom_id, params}s", least=1, entry="{custom_id, params}"),
    ] = required("The calls.")

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        places: dict[str, int] = {}
        for place, request in enumerate(self.requests):
            earlier = places.setdefault(request.custom_id, place)
            if earlier != place:
                at = f"requests[{place}].custom_id"
                raise refusal("conflict", f"repeats that of requests[{earlier}]", "unique ids", at=at)
        return self


class MessageBatchesQuery(RequestModel):
    """Which page of message batches to list."""

    source: ClassVar[str] = "Anthropic docs"

    limit: Annotated[int, Integer(1, MAX_BATCHES)] | None = optional("Batches of a page; the default is 20.")
    after_id: NonBlank | None = optional("The batch before the first of the page.")
    before_id: NonBlank | None = optional("The batch after the last of the page.")

    @model_validator(mode="after")
    def _check_one_cursor(self) -> Self:
        if self.after_id is not None and self.before_id is not None:
            raise refusal("conflict", "is given beside after_id", "one of the two", at="before_id")
        return self
