"""Typed reading of one table of a world file, with errors that name the file and the key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from zaguan_tui.sandbox.data.records import WorldError


class TableReader:
    """One table of a world file. Every getter raises `WorldError` when the value has the wrong shape."""

    __slots__ = ("file", "path", "values")

    def __init__(self, file: str, path: str, values: Mapping[str, object]) -> None:
        self.file = file
        self.path = path
        self.values = values

    def fail(self, key: str, reason: str) -> NoReturn:
        """Raise `WorldError` for `key` of this table."""
        raise WorldError(self.file, f"{self.path}.{key}" if self.path and key else self.path or key, reason)

    def only(self, allowed: Collection[str]) -> None:
        """Refuse keys outside `allowed`, naming the nearest valid one."""
        for key in self.values:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                hint = (
                    f"; did you mean {near[0]!r}?" if near else f"; valid keys: {', '.join(sorted(allowed))}"
                )
                self.fail(key, f"unknown key{hint}")

    def text(self, key: str, default: str | None = None) -> str:
        """A non-empty string."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or not value:
            self.fail(key, f"expected a non-empty string, found {value!r}")
        return value

    def optional_text(self, key: str) -> str | None:
        """A non-empty string, or `None` when the key is not there."""
        return self.text(key) if key in self.values else None

    def words(self, key: str) -> tuple[str, ...]:
        """A space-separated string as its words; missing is empty."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.fail(key, f"expected words separated by spaces, found {value!r}")
        return tuple(value.split())

    def number(
        self, key: str, default: float | None = None, *, low: float = 0.0, high: float = 1e12
    ) -> float:
        """A number within `low`..`high`."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fail(key, f"expected a number, found {value!r}")
        if not low <= value <= high:
            self.fail(key, f"expected a number from {low:g} to {high:g}, found {value!r}")
        return float(value)

    def count(self, key: str, default: int | None = None) -> int:
        """A whole number, 0 or more."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fail(key, f"expected a whole number, 0 or more, found {value!r}")
        return value

    def flag(self, key: str) -> bool:
        """A boolean; missing is false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, f"expected true or false, found {value!r}")
        return value

    def day(self, key: str) -> date:
        """A TOML date without a time."""
        value = self.values.get(key)
        if type(value) is not date:
            self.fail(key, f"expected a date such as 2025-04-30, found {value!r}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """An array of strings; missing is empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, f"expected an array of strings, found {value!r}")
        return tuple(value)

    def prices(self, key: str) -> tuple[float, ...]:
        """`[input, output]` or `[input, output, reasoning]`, USD per million tokens."""
        value = self.values.get(key)
        if not isinstance(value, list) or len(value) not in (2, 3):
            self.fail(key, f"expected [input, output] or [input, output, reasoning], found {value!r}")
        for item in value:
            if isinstance(item, bool) or not isinstance(item, (int, float)) or item < 0:
                self.fail(key, f"a price is a number of USD per million tokens, found {item!r}")
        return tuple(float(item) for item in value)

    def tables(self, key: str) -> tuple[TableReader, ...]:
        """An array of tables; missing is empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(key, "expected an array of tables")
        return tuple(TableReader(self.file, self._at(f"{key}[{i}]"), item) for i, item in enumerate(value))

    def table(self, key: str) -> TableReader:
        """A table; missing is empty."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, f"expected a table, found {value!r}")
        return TableReader(self.file, self._at(key), value)

    def over(self, defaults: Mapping[str, object]) -> TableReader:
        """This table with `defaults` under it: keys written here win."""
        return TableReader(self.file, self.path, {**defaults, **self.values})

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
