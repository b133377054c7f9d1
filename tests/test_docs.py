"""The files that the documents name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "zaguan_tui"
NAMED_FILE = re.compile(r"`((?:[a-z_]+/)+[a-z_]+\.py)`")


@pytest.mark.parametrize("document", ["docs/architecture.md", "docs/add-a-screen.md", "CONTRIBUTING.md"])
def test_named_files_exist(document: str) -> None:
    names = set(NAMED_FILE.findall((ROOT / document).read_text(encoding="utf-8")))
    places = (ROOT, PACKAGE, PACKAGE / "screens" / "playground")
    assert [name for name in names if not any((place / name).exists() for place in places)] == []


def test_both_walks_pass_at_most_twelve_files() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for heading in ("## From enter to the HTTP request", "## From the response to Markdown"):
        walk = text.partition(heading)[2].partition("\n## ")[0]
        assert 8 <= len(set(NAMED_FILE.findall(walk))) <= 12, heading
