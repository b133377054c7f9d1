"""Virtual models: names that the gateway routes to one of several models.

They are read when somebody asks for them, once a gateway; where the server lacks the call there are none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.problems import is_unsupported_call
from zaguan_tui.state.core.store import Phase, Problem, Store
from zaguan_tui.state.models.entry import ModelCatalogue, ModelEntry
from zaguan_tui.state.subject import Subject

if TYPE_CHECKING:
    from zaguan_tui.client.types.models.virtual_models import VirtualModel, VirtualModelList

OLD_AFTER_S = 600.0
_FLAGS = ("vision", "tools", "reasoning", "audio_in", "audio_out", "streaming", "system_messages")


class VirtualModelsState(Subject):
    """Keeps the list in ``store``; the phase is *absent* where the server has no virtual models."""

    def __init__(
        self,
        read: Callable[[], Awaitable[VirtualModelList]],
        clock: Clock,
        explain: Callable[[BaseException], Problem],
    ) -> None:
        """``read`` is the client's method without arguments."""
        self._read = read
        self._clock = clock
        self._explain = explain
        self._asking = False
        self.store: Store[VirtualModelList] = Store("virtual models")

    @property
    def due(self) -> bool:
        """Whether it is time to ask: never yet, in vain, or long ago. What is absent is not asked for."""
        snapshot = self.store.snapshot
        age = snapshot.age(self._clock.now())
        return snapshot.phase is not Phase.ABSENT and (age is None or age >= OLD_AFTER_S)

    @property
    def all(self) -> tuple[VirtualModel, ...]:
        """Every virtual model as last read."""
        known = self.store.snapshot.value
        return () if known is None else known.data

    def find(self, name: str | None) -> VirtualModel | None:
        """The virtual model of that id."""
        known = self.store.snapshot.value
        return None if known is None or name is None else known.by_id.get(name)

    def route(self, name: str) -> tuple[str, ...]:
        """The models an id may end up at, in order, aliases followed; none for an id that is not virtual."""
        known = self.store.snapshot.value
        return () if known is None or name not in known.by_id else known.real_models(name)

    def entry(self, name: str, catalogue: ModelCatalogue) -> ModelEntry | None:
        """A virtual model as one can choose it: it can what one of its models can, takes what all take."""
        virtual = self.find(name)
        if virtual is None:
            return None
        entries = [entry for model in self.route(name) if (entry := catalogue.by_id.get(model)) is not None]
        flags: dict[str, Any] = {
            flag: _any_flag(getattr(entry, flag) for entry in entries) for flag in _FLAGS
        }
        features = dict.fromkeys(feature for entry in entries for feature in entry.features)
        return ModelEntry(
            id=name,
            display_name=virtual.name,
            description=virtual.description,
            band=virtual.band,
            context=_least(entry.context for entry in entries),
            max_output=_least(entry.max_output for entry in entries),
            features=tuple(features) if all(entry.features for entry in entries) else (),
            listed=False,
            **flags,
        )

    async def refresh(self) -> None:
        """Ask now, unless somebody does; returns when the store knows."""
        if self._asking:
            return
        self._asking = True
        try:
            answer = await self._read()
        except Exception as error:  # noqa: BLE001 - boundary: the models are usable whatever went wrong here
            self.store.fail(self._explain(error), self._clock.now(), absent=is_unsupported_call(error))
        else:
            self.store.succeed(answer, self._clock.now())
        finally:
            self._asking = False

    def reset(self) -> None:
        """Drop everything known: another gateway is coming."""
        self.store.forget()


def _any_flag(flags: Iterable[bool | None]) -> bool | None:
    """True if one is, false if all are, else unknown: the gateway passes over models that do not fit."""
    values = list(flags)
    if True in values:
        return True
    return False if values and None not in values else None


def _least(sizes: Iterable[int | None]) -> int | None:
    return min((size for size in sizes if size), default=None)
