"""Ids of what is made here."""

from __future__ import annotations

import uuid


def new_id(kind: str) -> str:
    """An id that nothing else has: ``conv_…``, ``turn_…``, ``msg_…``."""
    return f"{kind}_{uuid.uuid4().hex}"
