from __future__ import annotations

from datetime import timedelta

import pytest

from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.link import LinkPhase, LinkState, LinkStatus
from zaguan_tui.state.core.store import PollOutcome, Problem


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
        self.link.note(PollOutcome(source, now, elapsed, problem, absent, now + timedelta(seconds=10)))
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


def test_absent_endpoints_say_only_that_the_server_is_there() -> None:
    line = Line()
    assert line.poll("unsupported", absent=True).phase is LinkPhase.REACHABLE
    assert line.poll(source="chat").phase is LinkPhase.LIVE
    assert line.poll("unsupported", absent=True).phase is LinkPhase.LIVE
    for _ in range(2):
        line.poll("transport")
    assert line.poll("unsupported", absent=True).phase is LinkPhase.REACHABLE, "not lost, not known to work"


def test_a_refused_key_stays_told_while_other_calls_are_absent() -> None:
    line = Line()
    line.poll("authentication")
    assert line.poll("unsupported", "breakers", absent=True).phase is LinkPhase.UNAUTHORISED


@pytest.mark.parametrize(
    ("kind", "phase"),
    [
        ("argument", LinkPhase.BLOCKED),
        ("internal", LinkPhase.BLOCKED),
        ("unreadable", LinkPhase.NOT_A_GATEWAY),
        ("not_connected", LinkPhase.CONNECTING),
    ],
)
def test_a_line_is_never_live_by_what_is_no_answer(kind: str, phase: LinkPhase) -> None:
    line = Line()
    for source in ("status", "breakers", "credits") * 2:
        assert line.poll(kind, source).phase is phase
    assert line.poll().phase is LinkPhase.LIVE
    assert line.poll(kind, "credits").phase is LinkPhase.LIVE, "one source that never worked changes nothing"
    for _ in range(2):
        line.poll(kind)
    expected = LinkPhase.LIVE if kind == "not_connected" else phase
    assert line.link.status.phase is expected, "one that did work does"


def test_an_old_latency_is_told_with_its_age() -> None:
    line = Line()
    line.poll(elapsed=0.1)
    for _ in range(30):
        line.poll("rate_limit")
    status, now = line.link.status, line.clock.now()
    assert status.phase is LinkPhase.LIVE
    assert status.latency_age(now) == 150.0
    assert status.sentence(now) == "live, 100 ms, measured 2 min ago"
    line.poll(elapsed=0.1)
    assert line.link.status.latency_age(line.clock.now()) is None


def test_a_call_that_does_not_measure_the_line_leaves_the_latency() -> None:
    line = Line()
    line.poll(elapsed=0.1)
    line.link.note(PollOutcome("chat", line.clock.now(), None))
    assert line.link.status.latency_s == 0.1


def test_good_sources_are_counted() -> None:
    line = Line()
    assert line.poll("transport").good_sources == 0
    assert line.poll().good_sources == 1
    assert line.poll(source="credits").good_sources == 2
    assert line.poll("server", "credits").good_sources == 1
    line.link.idle()
    assert line.link.status.good_sources == 0


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
