"""Does the app grow while its rooms are switched? Memory and CPU over time, real and simulated.

    pip install -e '.[bench]' && python benchmarks/soak.py [MINUTES] [HOURS]

The real app runs on the flapping sandbox in a real pty for so many minutes (15), another room every ten
seconds: a line a minute. Its state alone goes through so many hours (24) of a clock that is stepped, with
polls of twenty providers that go up and down: a line for each sixth. Limits: 90 MB, and no more growth than
5 MB over the second half of either. Linux and macOS.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from datetime import timedelta
from itertools import cycle
from typing import Any

import psutil
from terminal import Terminal

from zaguan_tui.client.types.account.credits import CreditsBalance
from zaguan_tui.client.types.models.capabilities import CapabilityList
from zaguan_tui.client.types.models.models import Model, ModelList
from zaguan_tui.client.types.models.virtual_models import VirtualModelList
from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker, CircuitBreakerReport
from zaguan_tui.client.types.providers.latency import Latency
from zaguan_tui.client.types.providers.providers import ProviderStatus, ProviderStatusReport, RequestCounts
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.clock import FakeClock

COMMAND = [sys.executable, "-m", "zaguan_tui", "--demo", "flapping"]
ROOMS = "253142678590"
ROOM_S = 10.0
MOST_MB, MOST_GROWTH_MB = 90.0, 5.0
PROVIDERS, POLL_S = 20, 10.0


def real(minutes: float) -> list[float]:
    """Switch rooms for so long; memory in MB at the end of each minute."""
    rooms, sizes = cycle(ROOMS), []
    with Terminal(COMMAND) as terminal:
        terminal.wait_for("sk something")
        terminal.wait_for("live")
        began = minute = time.perf_counter()
        cpu = terminal.cpu_s
        while time.perf_counter() - began < minutes * 60:
            terminal.press("\x1b" + next(rooms))
            terminal.pass_time(ROOM_S)
            if (now := time.perf_counter()) - minute >= 60:
                sizes.append(terminal.rss_mb)
                share = (terminal.cpu_s - cpu) / (now - minute) * 100
                print(f"minute {len(sizes):3}: {sizes[-1]:6.1f} MB   {share:4.1f} % of a core", flush=True)
                minute, cpu = now, terminal.cpu_s
    return sizes


class FlappingGateway:
    """Twenty providers of which each third is down every other ten minutes; the wire is left out."""

    base_url = "http://127.0.0.1:8787"

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._names = [f"provider-{number}" for number in range(PROVIDERS)]

    def _down(self, number: int) -> bool:
        return int(self._clock.monotonic() / 600 + number) % 2 == 0 and number % 3 == 0

    async def get_provider_status(self, *, options: Any = None) -> ProviderStatusReport:
        """The health of every provider, other figures each time."""
        at = self._clock.monotonic()
        return ProviderStatusReport(
            data=tuple(
                ProviderStatus(
                    id=name,
                    name=name,
                    status="down" if self._down(number) else "healthy",
                    latency=Latency(
                        avg=300.0 + at % 97, p50=250.0 + at % 89, p95=800.0 + at % 83, p99=1200.0
                    ),
                    requests=RequestCounts(total=int(at), success=int(at), error=0, rate_limited=0),
                    error_rate=at % 13 / 100,
                )
                for number, name in enumerate(self._names)
            ),
            generated_at=self._clock.now(),
        )

    async def get_circuit_breaker_status(self, *, options: Any = None) -> CircuitBreakerReport:
        """Open where a provider is down."""
        until = self._clock.now() + timedelta(seconds=30)
        return CircuitBreakerReport(
            data=tuple(
                CircuitBreaker(
                    provider=name,
                    state="open" if self._down(number) else "closed",
                    next_attempt_at=until if self._down(number) else None,
                )
                for number, name in enumerate(self._names)
            )
        )

    async def get_credits_balance(self, *, options: Any = None) -> CreditsBalance:
        """A little less each time."""
        left = 1_000_000.0 - self._clock.monotonic()
        return CreditsBalance(
            credits_remaining=left, credits_total=1_000_000.0, remaining_fraction=left / 1_000_000
        )

    async def list_models(self, *, options: Any = None) -> ModelList:
        """A hundred models."""
        return ModelList(data=tuple(Model(id=f"p/m{number}", provider="p") for number in range(100)))

    async def get_capabilities(self, *, options: Any = None) -> CapabilityList:
        """None are known."""
        return CapabilityList(data=())

    async def list_virtual_models(self, *, options: Any = None) -> VirtualModelList:
        """There are none."""
        return VirtualModelList(data=())


async def simulated(hours: float) -> list[float]:
    """Step the clock of a house through so many hours; memory in MB at the end of each sixth."""
    clock = FakeClock()
    app_state = AppState.build(clock=clock)
    app_state.connect(FlappingGateway(clock))  # type: ignore[arg-type]  # chats and sessions are not called here
    app_state.start()
    sizes: list[float] = []
    began = time.perf_counter()
    for sixth in range(1, 7):
        polls = 0
        while clock.monotonic() < hours * 3600 * sixth / 6:
            await clock.advance(POLL_S)
            polls += 1
        gc.collect()
        sizes.append(psutil.Process().memory_info().rss / 1e6)
        took, began = time.perf_counter() - began, time.perf_counter()
        print(
            f"hour {hours * sixth / 6:5.1f}: {sizes[-1]:6.1f} MB   {took / polls * 1000:5.1f} ms a poll   "
            f"{len(asyncio.all_tasks())} tasks",
            flush=True,
        )
    await app_state.aclose()
    return sizes


def growth(sizes: list[float]) -> float:
    """MB from the middle to the end."""
    return sizes[-1] - sizes[len(sizes) // 2 - (len(sizes) % 2 == 0)] if len(sizes) > 1 else 0.0


def main(minutes: float, hours: float) -> int:
    """Run both; 1 if a limit was passed."""
    app_state = asyncio.run(simulated(hours)) if hours else []
    app = real(minutes) if minutes else []
    most = max(app, default=0.0)
    print(
        f"app: at most {most:.1f} MB, in the second half {growth(app):+.1f} MB; "
        f"state: in the second half {growth(app_state):+.1f} MB"
    )
    return 0 if most <= MOST_MB and max(growth(app), growth(app_state)) <= MOST_GROWTH_MB else 1


if __name__ == "__main__":
    figures = [float(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(figures + [15.0, 24.0][len(figures) :])))
