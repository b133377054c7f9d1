"""Sentences of the compare screen for what cannot be done, and a context manager that warns of errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from zaguan_tui.screens.chat.error_messages import error_message
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.state.comparison.comparison import ComparisonDeletedError

ANSWERS_IN_PROGRESS: Final = "Answers are still coming. Escape stops all of them, x the focused one."
COMPARISON_DELETED: Final = "That comparison is not kept any more."
TOO_FEW_MODELS: Final = "Pick at least two models first: ctrl+o."
NO_FOCUSED_ANSWER: Final = "Go to an answer first: h and l step from one to the next."
NOTHING_ANSWERED: Final = "Nothing has been answered here yet."


@contextmanager
def warn_on_error(services: ScreenServices, unexpected: str) -> Iterator[None]:
    """Warn of an error by its sentence, or by ``unexpected``: then the error is raised too."""
    try:
        yield
    except ComparisonDeletedError:
        services.warn(COMPARISON_DELETED)
    except Exception as error:
        sentence = error_message(error)
        services.warn(sentence or unexpected)
        if sentence is None:
            raise
