"""Markers of the suite: ``live`` tests may be tried twice, ``calendar`` tests run at difficult instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, settings

# How fast a property is tried says how busy the machine is, nothing about the property.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

_INSTANTS = {
    "today": None,
    "first of a month": "2027-02-01T00:00:05 UTC",
    "31 January": "2027-01-31T23:30:00 America/New_York",
    "29 February": "2028-02-29T12:00:00 UTC",
    "new year's eve": "2026-12-31T23:59:58 Europe/Berlin",
    "Berlin, clocks go forward": "2027-03-28T01:59:58 Europe/Berlin",
    "Berlin, clocks go back": "2027-10-31T02:59:58 Europe/Berlin",
    "New York, clocks go forward": "2027-03-14T01:59:58 America/New_York",
    "New York, clocks go back": "2027-11-07T01:59:58 America/New_York",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a ``live`` test twice: it watches real clocks and sockets while other tests keep the cores busy."""
    for item in items:
        if item.get_closest_marker("live"):
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=1))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a ``calendar`` test at every instant of the list."""
    if any(metafunc.definition.iter_markers("calendar")):
        metafunc.fixturenames.insert(0, "moved_clock")
        metafunc.parametrize("moved_clock", _INSTANTS, indirect=True)


@pytest.fixture
def moved_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Move the wall clock and the local zone to an instant; time goes on from there."""
    text = _INSTANTS[request.param]
    if text is None:
        yield
        return
    instant, zone = text.split()
    with time_machine.travel(datetime.fromisoformat(instant).replace(tzinfo=ZoneInfo(zone)), tick=True):
        yield
