"""The table of parameters: form, checks and help are made from these rows."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from zaguan_tui.state.chat.message import Dialect

BOTH = frozenset(Dialect)
CHAT = frozenset({Dialect.CHAT})
MESSAGES = frozenset({Dialect.MESSAGES})
MIN_BUDGET = 1024
MAX_STOPS = 4


class Kind(enum.StrEnum):
    """How a value is given."""

    NUMBER = "number"
    WHOLE = "whole number"
    CHOICE = "choice"
    FLAG = "flag"
    WORDS = "words"
    TEXT = "text"
    JSON = "json"


class Need(enum.StrEnum):
    """What a model must be able to do."""

    TOOLS = "tools"
    REASONING = "reasoning"
    JSON_MODE = "JSON mode"
    SCHEMA = "JSON schema"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``default`` says what holds when it is not sent, ``low`` and ``high`` what is allowed.

    ``choices`` are the words to choose from, ``narrow`` those of the Messages dialect where they are fewer.
    """

    name: str
    kind: Kind
    help: str
    default: str
    section: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    narrow: tuple[str, ...] | None = None
    dialects: frozenset[Dialect] = BOTH
    need: Need | None = None


SCHEMA = "schema"
"""The schema of ``response_format`` has a field of its own in the form."""

MODELS_OWN = "the model's own"
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "temperature",
        Kind.NUMBER,
        "How freely the next token is drawn: 0 takes the likeliest.",
        "1",
        "Sampling",
        0,
        2,
    ),
    Parameter(
        "top_p",
        Kind.NUMBER,
        "Only the likeliest tokens that together have this share are drawn from.",
        "1",
        "Sampling",
        0,
        1,
    ),
    Parameter(
        "top_k",
        Kind.WHOLE,
        "Only so many of the likeliest tokens are drawn from.",
        "all",
        "Sampling",
        0,
        dialects=MESSAGES,
    ),
    Parameter(
        "presence_penalty",
        Kind.NUMBER,
        "Above 0 speaks against tokens that came before, however often.",
        "0",
        "Sampling",
        -2,
        2,
        dialects=CHAT,
    ),
    Parameter(
        "frequency_penalty",
        Kind.NUMBER,
        "Above 0 speaks against tokens the more often they came before.",
        "0",
        "Sampling",
        -2,
        2,
        dialects=CHAT,
    ),
    Parameter(
        "seed",
        Kind.WHOLE,
        "The same seed asks for the same answer; servers promise nothing.",
        "random",
        "Sampling",
        -(2**63),
        2**63 - 1,
        dialects=CHAT,
    ),
    Parameter(
        "max_tokens",
        Kind.WHOLE,
        "The answer ends after so many tokens, reasoning included.",
        MODELS_OWN,
        "Length",
        1,
    ),
    Parameter(
        "stop",
        Kind.WORDS,
        'The answer ends before any of these. Commas between them; "in quotes" where one has a comma, \\n is '
        "a new line.",
        "none",
        "Length",
        high=MAX_STOPS,
    ),
    Parameter(
        "verbosity",
        Kind.CHOICE,
        "How much the model says.",
        MODELS_OWN,
        "Length",
        choices=("low", "medium", "high"),
        dialects=CHAT,
    ),
    Parameter(
        "reasoning_effort",
        Kind.CHOICE,
        "How long the model thinks before it answers.",
        MODELS_OWN,
        "Reasoning",
        choices=_EFFORTS,
        narrow=("low", "medium", "high", "xhigh", "max"),
        need=Need.REASONING,
    ),
    Parameter(
        "thinking_budget",
        Kind.WHOLE,
        "Turns extended thinking on, with at most so many tokens; less than max_tokens.",
        "no thinking",
        "Reasoning",
        MIN_BUDGET,
        dialects=MESSAGES,
        need=Need.REASONING,
    ),
    Parameter(
        "thinking",
        Kind.FLAG,
        "Whether a DeepSeek model shows its <think> part.",
        MODELS_OWN,
        "Reasoning",
        dialects=CHAT,
        need=Need.REASONING,
    ),
    Parameter(
        "tools",
        Kind.JSON,
        "The functions a model may ask for, as JSON: OpenAI's shape, or Anthropic's.",
        "none",
        "Tools",
        need=Need.TOOLS,
    ),
    Parameter(
        "tool_choice",
        Kind.CHOICE,
        "Whether the model may, must or must not ask for a tool, or which.",
        "auto",
        "Tools",
        choices=("auto", "required", "none"),
        need=Need.TOOLS,
    ),
    Parameter(
        "parallel_tool_calls",
        Kind.FLAG,
        "Whether the model may ask for several tools at once.",
        "yes",
        "Tools",
        need=Need.TOOLS,
    ),
    Parameter(
        "response_format",
        Kind.CHOICE,
        "What the answer has to be; it is checked when it is there.",
        "text",
        "Format",
        choices=("json_object", "json_schema"),
        narrow=("json_schema",),
        need=Need.JSON_MODE,
    ),
    Parameter(
        SCHEMA,
        Kind.JSON,
        "The JSON schema that the answer has to fit.",
        "none",
        "Format",
        need=Need.SCHEMA,
    ),
    Parameter(
        "service_tier",
        Kind.CHOICE,
        "How urgent it is: OpenAI's tiers, which differ in price.",
        "auto",
        "Gateway",
        choices=("auto", "default", "flex", "scale", "priority", "fast"),
        dialects=CHAT,
    ),
    Parameter(
        "store",
        Kind.FLAG,
        "Whether the provider keeps the answer for later use.",
        "the provider's own",
        "Gateway",
        dialects=CHAT,
    ),
    Parameter("user", Kind.TEXT, "Who asks, as the provider sees it.", "nobody", "Gateway"),
    Parameter(
        "provider_specific_params",
        Kind.JSON,
        "An object that the gateway passes on to the provider unchanged.",
        "none",
        "Gateway",
    ),
    Parameter(
        "additional_fields",
        Kind.JSON,
        "An object whose fields go into the request as they are, over everything else.",
        "none",
        "Gateway",
        dialects=CHAT,
    ),
)

BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
