"""Facts of the header, from the connection and the application state; needs no terminal."""

from __future__ import annotations

from zaguan_tui.screens.common.connection_info import ConnectionInfo
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.link import LinkPhase
from zaguan_tui.text.format import countdown
from zaguan_tui.widgets.header import HeaderFacts


def make_header_facts(frame: ConnectionInfo, app_state: AppState) -> HeaderFacts:
    """The facts as of now."""
    status, balance = app_state.link.status, app_state.credits.store.snapshot.value
    phase, detail = str(status.phase), ""
    if status.phase is LinkPhase.RECONNECTING and status.next_try_at is not None:
        wait = (status.next_try_at - app_state.clock.now()).total_seconds()
        detail = f"next try in {countdown(wait)}" if wait > 0 else "trying now"
    if app_state.governor.paused:
        phase, detail = "paused", "P resumes"
    return HeaderFacts(
        profile=frame.profile,
        environment=frame.environment,
        host="" if frame.host == frame.profile else frame.host,
        link=phase,
        link_detail=detail,
        latency_ms=None if status.latency_s is None else status.latency_s * 1000,
        latency_age_s=status.latency_age(app_state.clock.now()),
        credits=balance.credits_remaining if balance is not None else None,
        credits_fraction=balance.remaining_fraction if balance is not None else None,
        alerts=len(app_state.alerts.active),
        requests_per_s=app_state.governor.rate,
        read_only=frame.read_only,
    )
