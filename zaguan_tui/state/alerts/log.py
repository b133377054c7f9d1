"""The alert log: each change once, storms grouped into one digest, and a rate limit for the bell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from zaguan_tui.state.alerts.alert import Alert, Severity
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.subscribers import Subscribers, Unsubscribe

STORM_AFTER = 5
"""More alerts than this within :data:`STORM_WINDOW_S` become one digest."""

STORM_WINDOW_S = 10.0
MAX_ALERTS = 500

_MAX_NAMED_TITLES = 4


class AlertLog:
    """Holds the newest alerts. ``watch`` tells of every change of the log, ``on_ring`` of what deserves a
    sound.

    In a storm each alert is still logged, but only one digest rings the bell; it grows silently until the
    storm is over.
    """

    def __init__(self, clock: Clock, *, remembered: int = MAX_ALERTS) -> None:
        self._clock = clock
        self._log: deque[Alert] = deque(maxlen=remembered)
        self._count = 0
        self._recent: deque[Alert] = deque()
        self._storm: Alert | None = None
        self._subscribers: Subscribers[tuple[Alert, ...]] = Subscribers()
        self._bells: Subscribers[Alert] = Subscribers()

    @property
    def entries(self) -> tuple[Alert, ...]:
        """What is remembered, newest first."""
        return tuple(reversed(self._log))

    @property
    def active(self) -> tuple[Alert, ...]:
        """Warnings and worse that still hold, newest first."""
        return tuple(alert for alert in reversed(self._log) if alert.lasting and not alert.digest)

    def watch(self, watcher: Callable[[tuple[Alert, ...]], None], *, now: bool = True) -> Unsubscribe:
        """Call ``watcher`` with the entries whenever they change (and at once when ``now``)."""
        unsubscribe = self._subscribers.add(watcher)
        if now:
            watcher(self.entries)
        return unsubscribe

    def on_ring(self, bell: Callable[[Alert], None]) -> Unsubscribe:
        """Call ``bell`` with every alert or digest that should be heard; returns the undo."""
        return self._bells.add(bell)

    def add(self, alerts: Iterable[Alert]) -> None:
        """Log ``alerts`` that happened together, giving them ids. An older one of the topic ends."""
        fresh = [self._enter(alert) for alert in alerts]
        if not fresh:
            return
        ringing = self._select_for_bell(fresh)
        self._subscribers.notify(self.entries)
        for alert in ringing:
            self._bells.notify(alert)

    def end(self, topic: str, at: datetime | None = None) -> None:
        """Say that what the last alert of ``topic`` told of is over, without a new one."""
        if self._end(topic, at or self._clock.now()):
            self._subscribers.notify(self.entries)

    def clear(self) -> None:
        """Begin anew."""
        self._log.clear()
        self._recent.clear()
        self._storm = None
        self._subscribers.notify(())

    def _enter(self, alert: Alert) -> Alert:
        if alert.topic:
            self._end(alert.topic, alert.at)
        self._count += 1
        over = alert.at if alert.severity is Severity.GOOD else alert.ended_at
        numbered = replace(alert, id=self._count, ended_at=over)
        self._log.append(numbered)
        return numbered

    def _end(self, topic: str, at: datetime) -> bool:
        for place, alert in enumerate(self._log):
            if alert.topic == topic and alert.ended_at is None:
                self._log[place] = replace(alert, ended_at=at)
                return True
        return False

    def _select_for_bell(self, fresh: list[Alert]) -> list[Alert]:
        """What of ``fresh`` rings: all of it, or one digest at the beginning of a storm, or nothing in it."""
        now = self._clock.now()
        while self._recent and (now - self._recent[0].at).total_seconds() > STORM_WINDOW_S:
            self._recent.popleft()
        if not self._recent:
            self._storm = None
        self._recent.extend(fresh)
        if len(self._recent) <= STORM_AFTER:
            return fresh
        return self._extend_digest(fresh, now)

    def _extend_digest(self, fresh: list[Alert], now: datetime) -> list[Alert]:
        storm = self._storm
        if storm is None:
            first = self._enter(_make_digest(list(self._recent), now))
            self._storm = first
            return [first]
        count = storm.digest + len(fresh)
        title, sentence = _digest_text(count, fresh)
        grown = replace(storm, digest=count, title=title, sentence=sentence)
        self._storm = grown
        for place, alert in enumerate(self._log):
            if alert.id == storm.id:
                self._log[place] = grown
        return []


def _make_digest(alerts: list[Alert], now: datetime) -> Alert:
    severity = max((alert.severity for alert in alerts), key=list(Severity).index)
    title, sentence = _digest_text(len(alerts), alerts)
    return Alert(0, now, severity, title, sentence, link="alerts:", ended_at=now, digest=len(alerts))


def _digest_text(count: int, alerts: list[Alert]) -> tuple[str, str]:
    """Title and sentence of a digest; the newest titles stand for the rest."""
    titles = [alert.title for alert in alerts]
    titles_text = "; ".join(titles[:_MAX_NAMED_TITLES])
    more = f"; {count - _MAX_NAMED_TITLES} more" if count > _MAX_NAMED_TITLES else ""
    return f"{count} changes within seconds", f"{titles_text}{more}."
