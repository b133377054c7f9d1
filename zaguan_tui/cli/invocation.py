"""One run of the command line: its environment, its paths, its secrets, and its two ways to speak."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from zaguan_tui.cli.output import write_out

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.credentials import Redactor
    from zaguan_tui.config.paths import Paths


@dataclass
class Invocation:
    """What every verb gets. Paths and redactor are made on first use, if at all."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def paths(self) -> Paths:
        """Where the files of this run are."""
        from zaguan_tui.config.paths import find_paths

        return find_paths(self.environ)

    @cached_property
    def redactor(self) -> Redactor:
        """Knows every secret of the environment, and each key that is resolved later."""
        from zaguan_tui.client.dispatch.credentials import Redactor
        from zaguan_tui.config.secrets import secrets_in

        return Redactor(secrets_in(self.environ))

    def data(self, text: str) -> None:
        """Write what was asked for to standard output, without any known secret."""
        write_out(f"{self.redactor.text(text)}\n")

    def talk(self, text: str) -> None:
        """Write what a person should know to standard error, without any known secret."""
        with suppress(OSError):  # a full disk, a closed pipe: there is nobody left to talk to
            sys.stderr.write(f"{self.redactor.text(text)}\n")
