"""Records of providers, models and virtual models as the world files define them."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("chat", "embedding", "image", "audio", "moderation")
"""Every kind a model can be; `kind` decides which endpoint of the gateway serves it."""

BANDS = ("A", "B", "C", "D")
"""Price bands, cheapest first."""

STRATEGIES = ("priority", "weighted", "round_robin", "least_latency", "least_cost", "fallback")
"""How a virtual model chooses among its targets."""


@dataclass(frozen=True, slots=True)
class LatencyProfile:
    """A provider's normal latency.

    Time to first token is log-normal around the median; the tokens that follow come at a rate with jitter.
    """

    ttft_ms: float
    """Median time to first token, milliseconds."""
    tokens_per_s: float
    """Median pace of the stream after the first token."""
    jitter: float
    """Relative spread of the gap between two tokens, 0 (a metronome) to 1."""
    sigma: float
    """Sigma of the natural logarithm of the time to first token; 0.4 makes p95 about twice the median."""


@dataclass(frozen=True, slots=True)
class ProviderData:
    """One provider behind the gateway."""

    id: str
    name: str
    latency: LatencyProfile
    baseline_error_rate: float
    """Share of requests that fail without a scenario, 0..1."""
    traffic_weight: float
    """Relative share of the background traffic; 0 means none."""
    base_url: str | None = None
    """An OpenAI-compatible server that answers in this provider's place; `None`: the text engine."""
    api_key_env: str | None = None
    """The environment variable that holds that server's key."""
    timeout_s: float = 60.0
    """Real seconds that server may be silent."""


@dataclass(frozen=True, slots=True)
class ModelData:
    """One model as the gateway lists it. Costs are USD per million tokens, sizes are tokens."""

    id: str
    """Full id with the provider's prefix, `openai/gpt-4o`; may hold more slashes after it."""
    provider: str
    name: str
    """Name for people, any script."""
    description: str
    kind: str
    """One of `KINDS`."""
    context: int
    max_output: int
    """0 for kinds that write no tokens."""
    input_cost_per_1m: float
    output_cost_per_1m: float
    reasoning_cost_per_1m: float | None
    """`None` unless the model reasons."""
    band: str
    """One of `BANDS`."""
    vision: bool
    tools: bool
    reasoning: bool
    audio_in: bool
    audio_out: bool
    streaming: bool
    system_messages: bool
    features: tuple[str, ...]
    modalities: tuple[str, ...]
    ttft_ms: float
    """Median time to first token of this model, milliseconds."""
    tokens_per_s: float
    created: int
    """Unix seconds, UTC midnight of the release day."""
    deprecated: bool
    shutdown_date: str | None = None
    """ISO date after which the provider stops serving a deprecated model, if it has said so."""

    @property
    def display_name(self) -> str:
        """`name` under the word the Anthropic list uses."""
        return self.name


@dataclass(frozen=True, slots=True)
class TargetData:
    """One model a virtual model may send a call to. Lower priorities come first; weights are relative."""

    model: str
    weight: float = 1.0
    priority: int = 1


@dataclass(frozen=True, slots=True)
class VirtualModelData:
    """A name of the gateway's own that stands for one or more models."""

    id: str
    name: str
    description: str
    strategy: str
    """One of `STRATEGIES`."""
    targets: tuple[TargetData, ...]
    fallbacks: tuple[str, ...] = ()
    """Models tried after all targets."""
    enabled: bool = True
    max_tokens: int | None = None
    """Put under the caller's parameters when they name no limit."""
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class WorldData:
    """The whole world: providers in file order, models grouped by provider in the order they are written."""

    providers: tuple[ProviderData, ...]
    models: tuple[ModelData, ...]
    virtual_models: tuple[VirtualModelData, ...] = ()


class WorldError(ValueError):
    """A world file that cannot be used. The message names the file and the key.

    `file` is the file's name, `key` the dotted path inside it, `reason` the sentence that says what is wrong.
    """

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}" if key else f"{file}: {reason}")
        self.file = file
        self.key = key
        self.reason = reason
