"""``zaguan-tui uptime``."""

from __future__ import annotations

from argparse import Namespace

from feature_proof.feature import UptimeSettings
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.config.loader import load


def show(run: Invocation, _args: Namespace) -> int:
    settings = load(run.paths, run.environ).settings
    run.data(f"{settings.section(UptimeSettings).seconds:g}")
    return 0
