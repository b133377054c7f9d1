"""Request models of assistants, threads and runs (OpenAI spec; wire reference §3.10 to §3.12)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from zaguan_tui.client.requests.models.base import FieldGroup, RequestModel, optional, refusal, required
from zaguan_tui.client.requests.models.fields import (
    AnyObject,
    Boolean,
    Check,
    Choice,
    Integer,
    ListOf,
    Metadata,
    NonBlank,
    Number,
    Text,
    TextOr,
    TextOrObject,
)
from zaguan_tui.client.requests.sentences import describe_type

MIN_BUDGET = 256
"""Tokens; a smaller budget is refused."""

Role = Annotated[Literal["user", "assistant"], Choice()]
Parts = Annotated[list[dict[Any, Any]], ListOf("a list of mappings", least=1, mappings=True)]
Content = Annotated[str | Parts, TextOr(blank=False)]


class AssistantUpdate(RequestModel):
    """Fields of an assistant to be replaced; the others stay."""

    source: ClassVar[str] = "OpenAI spec"

    model: NonBlank | None = optional("Id of the model.")
    name: Annotated[str, Text(256)] | None = optional("Name of the assistant.")
    description: Annotated[str, Text(512)] | None = optional("What it is for.")
    instructions: Annotated[str, Text(256_000)] | None = optional("What it is told before every run.")
    tools: Annotated[list[AnyObject], ListOf(most=128)] | None = optional("Tools, replaced as a whole.")
    tool_resources: AnyObject | None = optional("Files and vector stores of its tools.")
    metadata: Metadata | None = optional("Up to 16 pairs of texts kept with it.")
    temperature: Annotated[float, Number(0, 2)] | None = optional("Randomness.")
    top_p: Annotated[float, Number(0, 1)] | None = optional("Share of the probability mass to draw from.")
    reasoning_effort: NonBlank | None = optional("How hard to think; servers differ.")
    response_format: TextOrObject | None = optional("auto, or {type, …} as in chat.")


class AssistantRequest(AssistantUpdate):
    """A model with instructions and tools, to be kept."""

    model: NonBlank = required("Id of the model.")


class ThreadMessage(FieldGroup):
    """A message that a thread begins with."""

    role: Role = required("Who speaks.")
    content: Content = required("A text or parts.")
    attachments: Any = optional("Files for tools: {file_id, tools}.")
    metadata: Any = optional("Up to 16 pairs of texts kept with it.")


ThreadMessages = Annotated[list[ThreadMessage], ListOf("a list of mappings", mappings=True)]


class ThreadUpdate(RequestModel):
    """Fields of a thread to be replaced."""

    source: ClassVar[str] = "OpenAI spec"

    tool_resources: AnyObject | None = optional("Files and vector stores of the tools.")
    metadata: Metadata | None = optional("Up to 16 pairs of texts kept with the thread.")


class ThreadRequest(ThreadUpdate):
    """A conversation to be kept by the server."""

    messages: ThreadMessages | None = optional("Messages to begin with.")


class ThreadMessageRequest(RequestModel):
    """A message to be added to a thread."""

    source: ClassVar[str] = "OpenAI spec"

    role: Role = required("Who speaks.")
    content: Content = required("A text or parts.")
    metadata: Metadata | None = optional("Up to 16 pairs of texts kept with it.")
    attachments: Annotated[list[dict[Any, Any]], ListOf("a list of mappings", mappings=True)] | None = (
        optional("Files for tools: {file_id, tools}.")
    )


class RunRequest(RequestModel):
    """An assistant to be set to work on a thread; what is given overrides the assistant's own."""

    source: ClassVar[str] = "OpenAI spec"

    assistant_id: NonBlank = required("Id of the assistant.")
    model: NonBlank | None = optional("Id of the model.")
    instructions: Any = optional("Instead of the assistant's instructions.")
    additional_instructions: Any = optional("After the assistant's instructions.")
    additional_messages: ThreadMessages | None = optional("Messages to add before the run.")
    tools: Annotated[list[AnyObject], ListOf(most=20)] | None = optional("Tools of this run.")
    metadata: Metadata | None = optional("Up to 16 pairs of texts kept with the run.")
    temperature: Annotated[float, Number(0, 2)] | None = optional("Randomness.")
    top_p: Annotated[float, Number(0, 1)] | None = optional("Share of the probability mass to draw from.")
    max_prompt_tokens: Annotated[int, Integer(MIN_BUDGET)] | None = optional("Most tokens to read.")
    max_completion_tokens: Annotated[int, Integer(MIN_BUDGET)] | None = optional("Most tokens to write.")
    truncation_strategy: AnyObject | None = optional("auto, or last_messages with their number.")
    tool_choice: TextOrObject | None = optional("none, auto, required, or one tool.")
    parallel_tool_calls: Boolean | None = optional("Whether several may be called at once.")
    response_format: TextOrObject | None = optional("auto, or {type, …} as in chat.")
    reasoning_effort: NonBlank | None = optional("How hard to think; servers differ.")
    stream: Boolean | None = optional("Whether to answer with events.")


def _refuse_no_text(value: Any) -> None:
    if not isinstance(value, str):
        raise refusal("text", describe_type(value), "a text")


class ToolOutput(FieldGroup):
    """What one tool call came to."""

    tool_call_id: NonBlank = required("The call.")
    output: Annotated[str, Check(_refuse_no_text, {"type": "string"})] = required("What it gave.")


class ToolOutputsRequest(RequestModel):
    """What a run waits for that requires action."""

    source: ClassVar[str] = "OpenAI spec"

    tool_outputs: Annotated[list[ToolOutput], ListOf("a list of mappings", least=1, mappings=True)] = (
        required("One for each call.")
    )
    stream: Boolean | None = optional("Whether to answer with events.")
