"""Who notices: compares each new picture with the last one and logs what a person wants to hear of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alert import Alert as Alert
from .alert import Severity as Severity
from .alert_log import AlertLog as AlertLog
from .clock import Clock
from .credits import is_low
from .link import LinkPhase, LinkStatus
from .provider_board import ProviderBoard
from .provider_row import ProviderRow, Verdict
from .quotes import full_stop, quote
from .spans import spell_span
from .store import Phase, Snapshot

if TYPE_CHECKING:
    from zaguan_tui.client.types.credits import CreditsBalance

_NAME = 40


class Lookout:
    """Watches providers, credits and the line, and puts what changed into ``log``: once per change.

    What is already bad at the first look is told too; what is good from the beginning is not news.
    """

    def __init__(self, clock: Clock, log: AlertLog) -> None:
        self._clock = clock
        self._log = log
        self._verdicts: dict[str, Verdict] = {}
        self._low = False
        self._was_live = False
        self._lost = False

    def on_board(self, snapshot: Snapshot[ProviderBoard]) -> None:
        """Take in a new board; all that changed in it happened together."""
        if snapshot.value is None:
            return
        board = snapshot.value
        alerts = []
        for row in board.rows:
            before = self._verdicts.get(row.id)
            alert = self._judge(row, before, board)
            if alert is not None:
                alerts.append(alert)
        self._verdicts = {row.id: row.verdict for row in board.rows}
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

    def forget(self) -> None:
        """Begin anew: another gateway is coming."""
        self._verdicts, self._low, self._was_live, self._lost = {}, False, False, False

    def _add(self, severity: Severity, title: str, sentence: str, *, link: str = "", topic: str) -> None:
        self._log.add([Alert(0, self._clock.now(), severity, title, sentence, link, topic)])

    def _judge(self, row: ProviderRow, before: Verdict | None, board: ProviderBoard) -> Alert | None:
        """The alert for the step from ``before`` to the row's verdict, if it is one worth hearing."""
        if row.verdict is before:
            return None
        name = quote(row.name, _NAME)
        match row.verdict:
            case Verdict.OPEN:
                again = " again" if before is Verdict.HALF_OPEN else ""
                return self._about(
                    row, Severity.CRITICAL, f"{name}: breaker open{again}", self._why_open(row, board)
                )
            case Verdict.HALF_OPEN if before is not None:
                return self._about(
                    row, Severity.WARNING, f"{name}: breaker half-open", "Probes are let through."
                )
            case _ if before in (Verdict.OPEN, Verdict.HALF_OPEN) and row.breaker == "closed":
                still = f"Its status is still {row.status}." if row.status != "healthy" else ""
                return self._about(
                    row, Severity.GOOD, f"{name}: breaker closed", still or "Calls go there again."
                )
            case Verdict.DOWN:
                reason = full_stop(f"Last error: {row.last_error}") if row.last_error else ""
                return self._about(row, Severity.CRITICAL, f"{name} is down", reason)
            case _ if before is Verdict.DOWN and row.verdict in (Verdict.HEALTHY, Verdict.DEGRADED):
                return self._about(row, Severity.GOOD, f"{name} is back", "")
            case Verdict.DISABLED if before is not None:
                return self._about(row, Severity.NOTE, f"{name} was switched off", "")
            case _:
                return None

    def _about(self, row: ProviderRow, severity: Severity, title: str, sentence: str) -> Alert:
        return Alert(
            0,
            self._clock.now(),
            severity,
            title,
            sentence,
            link=f"provider:{row.id}",
            topic=f"provider:{row.id}",
        )

    def _why_open(self, row: ProviderRow, board: ProviderBoard) -> str:
        """The evidence of the opening, and when the next probe is due."""
        told = next(
            (
                change.evidence
                for change in board.transitions
                if change.provider == row.id and change.to_state == row.breaker and not change.remembered
            ),
            "",
        )
        reason = told or (f"last: {row.last_error}" if row.last_error else "")
        wait = row.probe_in(self._clock.now())
        parts = [reason, f"probe in {spell_span(wait)}" if wait is not None else ""]
        sentence = ", ".join(part for part in parts if part)
        return full_stop(sentence[0].upper() + sentence[1:]) if sentence else ""
