"""Request model of ``POST /v1/chat/completions`` (OpenAI spec; wire reference §3.1)."""

from __future__ import annotations

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
    Metadata,
    NonBlank,
    Number,
    Object,
    Text,
    TextOr,
    TypedObject,
    refuse_blank,
)
from zaguan_tui.client.requests.sentences import describe_type

MAX_STOPS = 4


ContentPart = TypedObject("text, image_url, input_audio, file, refusal, or a type of the server's own.")

Content = Annotated[
    str | Annotated[list[Annotated[dict[str, Any], ContentPart]], ListOf("a text or a list of parts")],
    TextOr("a text or a list of parts"),
]


class ChatMessage(FieldGroup):
    """One turn of the conversation."""

    allowed: ClassVar[str] = "a mapping with role and content"

    role: Annotated[Literal["system", "user", "assistant", "tool", "function", "developer"], Choice()] = (
        required("Who speaks.")
    )
    tool_call_id: Any = optional("The call that a message of role tool answers.")
    content: Content | None = optional("A text or parts; none for an assistant that only calls tools.")
    name: Any = optional("Name of the speaker or, for role function, of the function.")
    tool_calls: Any = optional("Calls that an assistant made, as the server gave them.")
    function_call: Any = optional("The same in the older form.")
    refusal: Any = optional("Text with which an assistant refused.")
    audio: Any = optional("Sound that an assistant answered with: {id}.")

    @model_validator(mode="after")
    def _check_role_needs(self) -> Self:
        if self.role == "tool":
            refuse_blank(self.tool_call_id, at="tool_call_id")
        calls = self.role == "assistant" and (self.tool_calls or self.function_call)
        if self.content is None and not (calls or self.refusal or self.audio):
            raise refusal(
                "missing", "is missing", "a text, a list of parts, or None beside tool_calls", at="content"
            )
        return self


def _refuse_bad_stop(value: Any) -> None:
    stops = [value] if isinstance(value, str) else value
    if not isinstance(stops, (list, tuple)) or not all(isinstance(word, str) for word in stops):
        raise refusal("list", describe_type(value), "a text or a list of texts")
    if len(stops) > MAX_STOPS:
        raise refusal("list_size", f"has {len(stops)} texts", f"at most {MAX_STOPS}")


Stop = Annotated[
    str | list[str],
    Check(
        _refuse_bad_stop,
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "maxItems": MAX_STOPS, "items": {"type": "string"}},
            ]
        },
    ),
]
LogitBias = Annotated[
    dict[Any, Annotated[float, Number(-100, 100)]], Object("a mapping of token ids to numbers")
]
AnyList = Annotated[list[Any], ListOf()]


class ChatRequest(RequestModel):
    """A conversation to go on with."""

    source: ClassVar[str] = "OpenAI spec; extensions: zaguan-sdk-go, zaguan-sdk-py, zaguan-sdk-ts"

    model: NonBlank = required("Id of the model, or of a virtual model.")
    temperature: Annotated[float, Number(0, 2)] | None = optional("Randomness; the server's default is 1.")
    top_p: Annotated[float, Number(0, 1)] | None = optional("Share of the probability mass to draw from.")
    presence_penalty: Annotated[float, Number(-2, 2)] | None = optional("Against tokens that occurred.")
    frequency_penalty: Annotated[float, Number(-2, 2)] | None = optional("Against tokens that occur often.")
    max_tokens: Annotated[int, Integer(1)] | None = optional("Most tokens of the answer (older name).")
    max_completion_tokens: Annotated[int, Integer(1)] | None = optional(
        "Most tokens of answer and reasoning."
    )
    n: Annotated[int, Integer(1, 128)] | None = optional("Number of answers.")
    top_logprobs: Annotated[int, Integer(0, 20)] | None = optional("Alternatives per token; needs logprobs.")
    seed: Annotated[int, Integer(-(2**63), 2**63 - 1)] | None = optional("For answers that can be repeated.")
    logprobs: Boolean | None = optional("Whether to give the probabilities of the tokens.")
    parallel_tool_calls: Boolean | None = optional("Whether several tools may be called at once.")
    store: Boolean | None = optional("Whether the server keeps the answer.")
    thinking: Boolean | None = optional("Whether to think first (extension: zaguan-sdk-py).")
    response_format: AnyObject | None = optional("text, json_object, or json_schema with its schema.")
    audio: AnyObject | None = optional("Voice and format of a spoken answer.")
    prediction: AnyObject | None = optional("Text that the answer will mostly repeat.")
    web_search_options: AnyObject | None = optional("How far to search the web.")
    moderation: Any = optional("Moderation of the answer (extension).")
    provider_specific_params: AnyObject | None = optional(
        "Parameters of the provider (extension: Zaguan SDKs)."
    )
    stream: Boolean | None = optional("Whether to answer with events.")
    stream_options: AnyObject | None = optional("include_usage asks for token counts at the end.")
    tools: AnyList | None = optional("Functions that the model may call.")
    tool_choice: Any = optional("none, auto, required, or {type, function: {name}}.")
    functions: AnyList | None = optional("The same in the older form.")
    function_call: Any = optional("none, auto, or {name}: the older form of tool_choice.")
    modalities: AnyList | None = optional("What to answer with: text, audio.")
    user: NonBlank | None = optional("Id of the end user (older name).")
    safety_identifier: NonBlank | None = optional("Id of the end user, hashed.")
    prompt_cache_key: NonBlank | None = optional("Groups requests that share a beginning.")
    reasoning_effort: (
        Annotated[str, Text(words=("none", "minimal", "low", "medium", "high", "xhigh", "max"))] | None
    ) = optional("How hard to think; servers differ.")
    verbosity: Annotated[str, Text(words=("low", "medium", "high"))] | None = optional(
        "Length of the answer."
    )
    service_tier: Annotated[str, Text(words=("auto", "default", "flex", "priority"))] | None = optional(
        "Class of service to bill."
    )
    virtual_model_id: NonBlank | None = optional("Virtual model to route by (zaguan-sdk-go).")
    metadata: Metadata | None = optional("Up to 16 pairs of texts kept with the answer.")
    stop: Stop | None = optional("Up to 4 texts that end the answer.")
    logit_bias: LogitBias | None = optional("Token id to a bias of -100 to 100.")
    messages: Annotated[list[ChatMessage], ListOf("a list of messages", least=1, entry="message")] = required(
        "The conversation so far."
    )

    @model_validator(mode="after")
    def _check_one_limit(self) -> Self:
        if self.max_tokens is not None and self.max_completion_tokens is not None:
            raise refusal(
                "conflict", "is given beside max_tokens", "one of the two", at="max_completion_tokens"
            )
        return self
