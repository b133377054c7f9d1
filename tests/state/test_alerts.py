from __future__ import annotations

from datetime import timedelta

from zaguan_tui.client.types.account.credits import CreditsBalance
from zaguan_tui.state.alerts.detector import Alert, AlertDetector, AlertLog, Severity
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.link import LinkPhase, LinkStatus
from zaguan_tui.state.core.store import Phase, Problem, Snapshot
from zaguan_tui.state.providers.board import ProviderBoard, SourceTrust, Trust
from zaguan_tui.state.providers.breaker_history import Transition
from zaguan_tui.state.providers.row import ProviderRow, ProviderVerdict


class Watch:
    """A lookout with a bell that remembers."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.log = AlertLog(self.clock)
        self.alert_detector = AlertDetector(self.clock, self.log)
        self.rung: list[Alert] = []
        self.log.on_ring(self.rung.append)

    def see(self, *rows: ProviderRow, transitions: tuple[Transition, ...] = ()) -> None:
        board = ProviderBoard(rows=rows, transitions=transitions)
        self.alert_detector.on_board(Snapshot(value=board, phase=Phase.FRESH))

    def titles(self) -> list[str]:
        return [alert.title for alert in self.rung]


def row(name: str, verdict: ProviderVerdict, breaker: str = "closed", **fields: object) -> ProviderRow:
    return ProviderRow(id=name, name=name, verdict=verdict, breaker=breaker, **fields)  # type: ignore[arg-type]  # test data


def test_a_breaker_rings_once_per_change_and_names_provider_and_evidence() -> None:
    watch = Watch()
    now = watch.clock.now()
    watch.see(row("groq", ProviderVerdict.HEALTHY))
    assert watch.rung == []
    opened = row("groq", ProviderVerdict.OPEN, "open", probe_due_at=now + timedelta(seconds=18))
    step = Transition("groq", "closed", "open", now, "12 of 20 requests failed")
    watch.see(opened, transitions=(step,))
    watch.see(opened, transitions=(step,))
    (alert,) = watch.rung
    assert alert.title == "groq: breaker open"
    assert alert.sentence == "Calls to groq are refused; probe in 18 s. 12 of 20 requests failed."
    assert (alert.severity, alert.link) == (Severity.CRITICAL, "provider:groq")
    assert watch.log.active == (alert,)
    watch.see(row("groq", ProviderVerdict.HALF_OPEN, "half_open"))
    watch.see(row("groq", ProviderVerdict.OPEN, "open"))
    watch.see(row("groq", ProviderVerdict.HALF_OPEN, "half_open"))
    watch.see(row("groq", ProviderVerdict.HEALTHY))
    assert watch.titles() == [
        "groq: breaker open",
        "groq: breaker half-open",
        "groq: breaker open again",
        "groq: breaker half-open",
        "groq: breaker closed",
    ]
    assert watch.log.active == ()
    assert all(alert.ended_at for alert in watch.log.entries)


def test_what_is_bad_at_the_first_look_is_told() -> None:
    watch = Watch()
    watch.see(
        row("groq", ProviderVerdict.OPEN, "open"),
        row("xai", ProviderVerdict.DOWN, last_error="503 no"),
        row("off", ProviderVerdict.DISABLED),
    )
    assert watch.titles() == ["groq: breaker open", "xai is down"]
    assert watch.rung[1].sentence == "Last error: 503 no."


def test_a_provider_that_degrades_rings_once() -> None:
    watch = Watch()
    slow = row("openai", ProviderVerdict.DEGRADED, latency_p95=12_000.0)
    watch.see(row("openai", ProviderVerdict.HEALTHY))
    for _ in range(3):
        watch.see(slow)
        watch.clock.jump(5)
    (alert,) = watch.rung
    assert (alert.title, alert.sentence) == ("openai is degraded", "Slow, p95 12.0 s.")
    assert watch.log.active == (alert,)
    watch.see(row("openai", ProviderVerdict.HEALTHY))
    assert watch.log.active == ()
    watch.see(slow)
    assert len(watch.rung) == 1, "it flaps"
    watch.see(row("openai", ProviderVerdict.HEALTHY))
    watch.clock.jump(300)
    watch.see(slow)
    assert len(watch.rung) == 2


def test_a_closing_waits_for_the_status_to_be_read_again() -> None:
    watch = Watch()
    start = watch.clock.now()

    def see(verdict: ProviderVerdict, breaker: str, status: str, read_s: float) -> None:
        trust = Trust((SourceTrust("provider status", Phase.FRESH, start + timedelta(seconds=read_s)),))
        board = ProviderBoard(rows=(row("groq", verdict, breaker, status=status),), trust=trust)
        watch.alert_detector.on_board(Snapshot(value=board, phase=Phase.FRESH))

    see(ProviderVerdict.HALF_OPEN, "half_open", "down", 0)
    watch.rung.clear()
    see(ProviderVerdict.DOWN, "closed", "down", 0)
    see(ProviderVerdict.DOWN, "closed", "down", 0)
    assert watch.rung == []
    see(ProviderVerdict.HEALTHY, "closed", "healthy", 5)
    assert [(alert.title, alert.sentence) for alert in watch.rung] == [
        ("groq: breaker closed", "Calls go there again.")
    ]
    see(ProviderVerdict.OPEN, "open", "down", 5)
    watch.rung.clear()
    see(ProviderVerdict.DOWN, "closed", "down", 5)
    see(ProviderVerdict.DOWN, "closed", "down", 10)
    see(ProviderVerdict.DOWN, "closed", "down", 15)
    assert [alert.sentence for alert in watch.rung] == ["Its status is still down."]
    see(ProviderVerdict.OPEN, "open", "down", 15)
    watch.rung.clear()
    see(ProviderVerdict.DOWN, "closed", "down", 15)
    assert watch.rung == [], "every closing waits"


def test_fourteen_changes_at_once_are_one_digest() -> None:
    watch = Watch()
    names = [f"p{number}" for number in range(14)]
    watch.see(*(row(name, ProviderVerdict.HEALTHY) for name in names))
    watch.see(*(row(name, ProviderVerdict.OPEN, "open") for name in names))
    (digest,) = watch.rung
    assert digest.digest == 14
    assert digest.title == "14 changes within seconds"
    assert "p0: breaker open" in digest.sentence
    assert len(watch.log.active) == 14, "every one of them is still in the log"


def test_a_storm_that_goes_on_rings_no_more_until_it_is_over() -> None:
    watch = Watch()
    for number in range(12):
        watch.clock.jump(1)
        watch.see(
            row(
                "groq",
                (ProviderVerdict.OPEN, ProviderVerdict.HALF_OPEN)[number % 2],
                ("open", "half_open")[number % 2],
            )
        )
    assert len(watch.rung) == 6
    assert [alert.digest for alert in watch.log.entries if alert.digest] == [12]
    watch.clock.jump(60)
    watch.see(row("groq", ProviderVerdict.HEALTHY))
    assert watch.rung[-1].title == "groq: breaker closed"


def test_credits_ring_when_they_fall_below_a_tenth_and_when_they_are_back() -> None:
    watch = Watch()
    for fraction in (0.5, 0.09, 0.08, None, 0.9):
        balance = CreditsBalance(
            credits_remaining=None if fraction is None else fraction * 1000,
            credits_total=1000.0,
            remaining_fraction=fraction,
        )
        watch.alert_detector.on_credits(Snapshot(value=balance, phase=Phase.FRESH))
    assert watch.titles() == ["Credits are low", "Credits are back"]
    assert watch.rung[0].sentence == "90 of 1,000 credits are left (9%)."


def test_the_line_rings_when_lost_and_when_back_but_not_while_connecting() -> None:
    watch = Watch()
    problem = Problem("Nothing listens on x:1.")
    for phase in (
        LinkPhase.CONNECTING,
        LinkPhase.RECONNECTING,
        LinkPhase.LIVE,
        LinkPhase.RECONNECTING,
        LinkPhase.RECONNECTING,
        LinkPhase.LIVE,
    ):
        watch.alert_detector.on_link(LinkStatus(phase=phase, address="x:1", problem=problem))
    assert watch.titles() == ["Lost x:1", "x:1 is back"]
    assert watch.rung[0].sentence == "Nothing listens on x:1."


def test_the_log_is_bounded_and_watchers_hear_it() -> None:
    clock = FakeClock()
    log = AlertLog(clock, remembered=50)
    sizes: list[int] = []
    log.watch(lambda entries: sizes.append(len(entries)))
    for _ in range(200):
        clock.jump(60)
        log.add([Alert(0, clock.now(), Severity.WARNING, "x", topic="t")])
    assert sizes[-1] == 50
    assert len({alert.id for alert in log.entries}) == 50
    log.end("t")
    assert log.active == ()
