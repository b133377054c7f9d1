"""The sample payloads, decoded, and a mutator that damages any JSON value in one or more places."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "fixtures"


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def names(folder: str, *prefixes: str) -> list[str]:
    """The JSON files of a folder whose name starts with one of ``prefixes``; never the expected values."""
    files = sorted(path.name for path in (FIXTURES / folder).glob("*.json"))
    return [
        f"{folder}/{name}" for name in files if name.startswith(prefixes or ("",)) and name != "expected.json"
    ]


def nested(depth: int) -> Any:
    value: Any = {"status": "ok"}
    for level in range(depth):
        value = [value] if level % 2 else {"data": value}
    return value


WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 3.5, 1e17, 1e308, -1e308, 10**30, 10**400, -(10**400),
    float("nan"), float("inf"), float("-inf"), "9" * 5000, "1e9999", "1,024", "412ms", "$1.20", "99%",
    "", " ", "abc", "half-open", "\x1b[2Jhi", "\ud800", "P1D", "=1+1", "PT99999999999999H",
    "2026-11-14", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "Tue, 31 Feb 2026 99:00:00 GMT",
    [], {}, [None], [[]], [{}], {"": None}, {"message": {"message": []}}, {"id": {}}, ["a", 1],
    {"openai": "up"}, {"a": True}, {"healthy": ["x", {"id": 1}, 4]}, nested(60), nested(5000),
)  # fmt: skip


def places(value: Any, limit: int = 400) -> list[tuple[Any, Any]]:
    """Every (container, key) inside ``value``, without recursion."""
    found: list[tuple[Any, Any]] = []
    todo = [value]
    while todo and len(found) < limit:
        item = todo.pop(0)
        keys = list(item) if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
        for key in keys:
            found.append((item, key))
            if isinstance(item[key], dict | list):
                todo.append(item[key])
    return found


def mutate(value: Any, chance: random.Random) -> Any:
    """A damaged copy: one to four members deleted, retyped, wrapped, moved, renamed or repeated."""
    box = {"body": copy.deepcopy(value)}
    for _ in range(chance.randint(1, 4)):
        container, key = chance.choice(places(box) or [(box, "body")])
        damage(container, key, chance)
    return box.get("body")


def damage(container: Any, key: Any, chance: random.Random) -> None:
    old = container.get(key) if isinstance(container, dict) else container[key]
    kind = chance.choice(
        ("delete", "retype", "retype", "retype", "text", "wrap", "list", "map", "rename", "repeat")
    )
    if kind == "delete":
        container.pop(key, None) if isinstance(container, dict) else container.pop(key)
    elif kind == "retype":
        container[key] = chance.choice(WRONG)
    elif kind == "text" and not isinstance(old, dict | list):
        container[key] = str(old)[:200]
    elif kind == "wrap":
        container[key] = {chance.choice(("data", "success", "status", "models", "x", "id")): old}
    elif kind == "list":
        container[key] = [old] * chance.randint(0, 3)
    elif kind == "map" and isinstance(old, list):
        container[key] = {chance.choice(("a", "b", "data", "")) + str(n): item for n, item in enumerate(old)}
    elif kind == "rename" and isinstance(container, dict):
        container[chance.choice((key.upper(), key.title(), "data", "id", "status", "name", "error"))] = old
        container.pop(key, None)
    elif kind == "repeat" and isinstance(container, list):
        container.append(old)
