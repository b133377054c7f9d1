"""Alert detector: compares each snapshot with the last one and logs what changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zaguan_tui.state.alerts.alert import Alert as Alert
from zaguan_tui.state.alerts.alert import Severity as Severity
from zaguan_tui.state.alerts.log import AlertLog as AlertLog
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.link import LinkPhase, LinkStatus
from zaguan_tui.state.core.store import Phase, Snapshot
from zaguan_tui.state.credits.balance import is_low
from zaguan_tui.state.providers.board import ProviderBoard
from zaguan_tui.state.providers.row import ProviderRow, ProviderVerdict, describe_degradation
from zaguan_tui.state.subject import Subject
from zaguan_tui.text.sentences import end_sentence, format_span, quote

if TYPE_CHECKING:
    from zaguan_tui.client.types.account.credits import CreditsBalance

_NAME = 40

FLAPPING_S = 120.0
"""A provider that is degraded again within so many seconds is not news."""

_SILENT_STATUS = ("healthy", "unknown")
"""Reported words that say nothing against a breaker that has closed."""

_HEALTHY_VERDICTS = (ProviderVerdict.HEALTHY, ProviderVerdict.UNKNOWN)


class AlertDetector(Subject):
    """Watches providers, credits and the connection, and adds what changed to ``log``: once per change.

    What is already bad at the first look is told too; what is good from the beginning is not news.
    """

    def __init__(self, clock: Clock, log: AlertLog) -> None:
        self._clock = clock
        self._log = log
        self._verdicts: dict[str, ProviderVerdict] = {}
        self._closing: dict[str, datetime] = {}
        self._degraded_at: dict[str, datetime] = {}
        self._low = False
        self._was_live = False
        self._lost = False

    def on_board(self, snapshot: Snapshot[ProviderBoard]) -> None:
        """Take in a new board; all that changed in it happened together."""
        if snapshot.value is None:
            return
        board = snapshot.value
        alerts, known = [], self._verdicts
        self._verdicts = {}
        for row in board.rows:
            before = known.get(row.id)
            if before is not None and self._awaits_status(row, before, board):
                self._verdicts[row.id] = before
                continue
            self._verdicts[row.id] = row.verdict
            alert = self._detect_change(row, before, board)
            if alert is not None:
                alerts.append(alert)
            elif before is ProviderVerdict.DEGRADED and row.verdict in _HEALTHY_VERDICTS:
                self._log.end(_alert_topic(row))
        self._log.add(alerts)

    def on_credits(self, snapshot: Snapshot[CreditsBalance]) -> None:
        """Take in a new balance."""
        balance = snapshot.value
        if balance is None or snapshot.phase is not Phase.FRESH:
            return
        low = is_low(balance)
        if low and not self._low:
            left = f"{balance.credits_remaining or 0:,.0f} of {balance.credits_total or 0:,.0f}"
            self._add(
                Severity.WARNING,
                "Credits are low",
                f"{left} credits are left ({balance.remaining_fraction or 0:.0%}).",
                link="credits:",
                topic="credits",
            )
        elif self._low and not low:
            self._add(Severity.GOOD, "Credits are back", "", link="credits:", topic="credits")
        self._low = low

    def on_link(self, status: LinkStatus) -> None:
        """Take in how the line stands. A line that never was live is the connect screen's news, not ours."""
        if status.phase in (LinkPhase.IDLE, LinkPhase.CONNECTING):
            self._was_live = self._lost = False
        elif status.phase.trouble and self._was_live and not self._lost:
            self._lost = True
            reason = status.problem.sentence if status.problem else ""
            self._add(Severity.CRITICAL, f"Lost {status.address or 'the gateway'}", reason, topic="link")
        elif status.phase is LinkPhase.LIVE:
            if self._lost:
                self._add(Severity.GOOD, f"{status.address or 'The gateway'} is back", "", topic="link")
            self._was_live, self._lost = True, False

    def reset(self) -> None:
        """Begin anew: another gateway is coming."""
        self._verdicts, self._closing, self._degraded_at = {}, {}, {}
        self._low = self._was_live = self._lost = False

    def _add(self, severity: Severity, title: str, sentence: str, *, link: str = "", topic: str) -> None:
        self._log.add([Alert(0, self._clock.now(), severity, title, sentence, link, topic)])

    def _awaits_status(self, row: ProviderRow, before: ProviderVerdict, board: ProviderBoard) -> bool:
        """Whether a breaker closed since the status was read: what the status says is from before then."""
        closed = row.breaker == "closed" and before in (ProviderVerdict.OPEN, ProviderVerdict.HALF_OPEN)
        read_at = board.trust.sources[0].at if board.trust.sources else None
        since = self._closing.pop(row.id, read_at)
        if not closed or row.status in _SILENT_STATUS or read_at is None or since != read_at:
            return False
        self._closing[row.id] = read_at
        return True

    def _detect_change(
        self, row: ProviderRow, before: ProviderVerdict | None, board: ProviderBoard
    ) -> Alert | None:
        """The alert for the step from ``before`` to the row's verdict, if it is one worth hearing."""
        if row.verdict is before:
            return None
        name = quote(row.name, _NAME)
        match row.verdict:
            case ProviderVerdict.OPEN:
                again = " again" if before is ProviderVerdict.HALF_OPEN else ""
                return self._make_alert(
                    row, Severity.CRITICAL, f"{name}: breaker open{again}", self._explain_open(row, board)
                )
            case ProviderVerdict.HALF_OPEN if before is not None:
                return self._make_alert(
                    row, Severity.WARNING, f"{name}: breaker half-open", "Probes are let through."
                )
            case _ if before in (ProviderVerdict.OPEN, ProviderVerdict.HALF_OPEN) and row.breaker == "closed":
                still = "" if row.status in _SILENT_STATUS else f"Its status is still {row.status}."
                return self._make_alert(
                    row, Severity.GOOD, f"{name}: breaker closed", still or "Calls go there again."
                )
            case ProviderVerdict.DOWN:
                reason = end_sentence(f"Last error: {row.last_error}") if row.last_error else ""
                return self._make_alert(row, Severity.CRITICAL, f"{name} is down", reason)
            case _ if before is ProviderVerdict.DOWN and row.verdict in (
                ProviderVerdict.HEALTHY,
                ProviderVerdict.DEGRADED,
            ):
                return self._make_alert(row, Severity.GOOD, f"{name} is back", "")
            case ProviderVerdict.DEGRADED if before in _HEALTHY_VERDICTS and self._is_news(row):
                return self._make_alert(
                    row, Severity.WARNING, f"{name} is degraded", _make_sentence(describe_degradation(row))
                )
            case ProviderVerdict.DISABLED if before is not None:
                return self._make_alert(row, Severity.NOTE, f"{name} was switched off", "")
            case _:
                return None

    def _make_alert(self, row: ProviderRow, severity: Severity, title: str, sentence: str) -> Alert:
        return Alert(
            0,
            self._clock.now(),
            severity,
            title,
            sentence,
            link=f"provider:{row.id}",
            topic=_alert_topic(row),
        )

    def _is_news(self, row: ProviderRow) -> bool:
        """Whether a provider was well for long enough to be told of as degraded; notes that it is now."""
        now = self._clock.now()
        before = self._degraded_at.get(row.id)
        self._degraded_at[row.id] = now
        return before is None or (now - before).total_seconds() > FLAPPING_S

    def _explain_open(self, row: ProviderRow, board: ProviderBoard) -> str:
        """What it means, when the next probe is due, and the evidence of the opening."""
        evidence = next(
            (
                change.evidence
                for change in board.transitions
                if change.provider == row.id and change.to_state == row.breaker and not change.remembered
            ),
            "",
        )
        reason = evidence or (f"last: {row.last_error}" if row.last_error else "")
        wait = row.probe_in(self._clock.now())
        refused = " ".join(quote(word, _NAME) for word in (row.name, row.breaker_scope) if word)
        probe = f"; probe in {format_span(wait)}" if wait is not None else ""
        sentences = [f"Calls to {refused} are refused{probe}.", _make_sentence(reason)]
        return " ".join(sentence for sentence in sentences if sentence)


def _alert_topic(row: ProviderRow) -> str:
    return f"provider:{row.id}"


def _make_sentence(phrase: str) -> str:
    return end_sentence(phrase[0].upper() + phrase[1:]) if phrase else ""
