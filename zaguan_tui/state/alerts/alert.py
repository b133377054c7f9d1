"""An alert: one change worth a person's attention, with its severity and link."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class Severity(enum.StrEnum):
    """How serious an alert is."""

    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Alert:
    """A change, named and dated. ``link`` opens the thing it is about (``provider:groq``).

    ``topic`` is what it is about (``breaker:groq``); the next change of the same topic sets ``ended_at``.
    ``digest`` counts the changes a digest stands for; 0 for a single alert. Texts hold foreign names.
    """

    id: int
    at: datetime
    severity: Severity
    title: str
    sentence: str = ""
    link: str = ""
    topic: str = ""
    ended_at: datetime | None = None
    digest: int = 0

    @property
    def lasting(self) -> bool:
        """Whether what it tells of still holds."""
        return self.ended_at is None and self.severity in (Severity.WARNING, Severity.CRITICAL)
