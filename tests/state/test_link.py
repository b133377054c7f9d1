from __future__ import annotations

from datetime import timedelta

from zaguan_tui.state.clock import FakeClock
from zaguan_tui.state.link import LinkPhase, LinkState, LinkStatus
from zaguan_tui.state.outcome import Outcome
from zaguan_tui.state.store import Problem


class Line:
    """A link with short words for what polls come to."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.link = LinkState(self.clock)
        self.heard: list[LinkPhase] = []
        self.link.watch(self._hear, now=False)
        self.link.connecting("127.0.0.1:8787")

    def _hear(self, status: LinkStatus) -> None:
        if not self.heard or self.heard[-1] is not status.phase:
            self.heard.append(status.phase)

    def poll(
        self, kind: str = "", source: str = "status", *, elapsed: float = 0.1, absent: bool = False
    ) -> LinkStatus:
        self.clock.jump(5)
        now = self.clock.now()
        problem = Problem("It failed.", kind=kind) if kind else None
        self.link.note(Outcome(source, now, elapsed, problem, absent, now + timedelta(seconds=10)))
        return self.link.status


def test_a_line_goes_live_is_lost_and_comes_back() -> None:
    line = Line()
    assert line.poll().phase is LinkPhase.LIVE
    assert line.poll("transport").phase is LinkPhase.LIVE, "one failure may be an accident"
    lost = line.poll("transport")
    assert lost.phase is LinkPhase.RECONNECTING
    assert lost.failures == 2
    assert lost.next_try_at is not None
    assert lost.sentence(line.clock.now()) == "reconnecting for 5 s, 2 tries failed, next in 10 s"
    back = line.poll()
    assert (back.phase, back.failures, back.problem) == (LinkPhase.LIVE, 0, None)
    assert line.heard == [
        LinkPhase.CONNECTING,
        LinkPhase.LIVE,
        LinkPhase.RECONNECTING,
        LinkPhase.LIVE,
    ]


def test_before_it_was_live_the_first_failure_tells() -> None:
    assert Line().poll("transport").phase is LinkPhase.RECONNECTING
    assert Line().poll("authentication").phase is LinkPhase.UNAUTHORISED
    assert Line().poll("not_a_gateway").phase is LinkPhase.NOT_A_GATEWAY


def test_errors_a_gateway_answers_with_keep_the_line_live() -> None:
    line = Line()
    for kind in ("rate_limit", "server", "permission"):
        assert line.poll(kind).phase is LinkPhase.LIVE


def test_absent_endpoints_say_nothing() -> None:
    line = Line()
    assert line.poll("unsupported", absent=True).phase is LinkPhase.CONNECTING


def test_one_endpoint_that_always_refuses_the_key_does_not_flicker() -> None:
    line = Line()
    line.poll()
    for _ in range(5):
        assert line.poll("authentication", "credits").phase is LinkPhase.LIVE
        assert line.poll().phase is LinkPhase.LIVE


def test_a_key_revoked_under_way_shows() -> None:
    line = Line()
    line.poll()
    line.poll(source="breakers")
    line.poll("authentication")
    assert line.poll("authentication", "breakers").phase is LinkPhase.UNAUTHORISED


def test_latency_is_smoothed_over_good_polls() -> None:
    line = Line()
    line.poll(elapsed=0.1)
    status = line.poll(elapsed=0.2)
    assert status.latency_s is not None
    assert round(status.latency_s, 3) == 0.13
    assert status.sentence(line.clock.now()) == "live, 130 ms"
    line.link.idle()
    assert line.link.status.sentence(line.clock.now()) == "not connected"
