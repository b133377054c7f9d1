"""The frame of the prompt, with the cost estimate of what is written in its title."""

from __future__ import annotations

from textual.containers import Vertical

from zaguan_tui.screens.chat.answers.status_line import fit_figures
from zaguan_tui.screens.chat.composer.estimate_line import FRAME_CELLS, format_estimate
from zaguan_tui.state.credits.estimate import CostEstimate


class PromptBox(Vertical):
    """Holds the prompt."""

    def __init__(self) -> None:
        super().__init__(id="prompt-box", classes="panel")
        self._estimate: CostEstimate | None = None

    def show_estimate(self, estimate: CostEstimate | None) -> None:
        """Show an estimate; ``None`` shows none."""
        self._estimate = estimate
        self._draw()

    def on_resize(self) -> None:
        """Fit the estimate into another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if self._estimate is None:
            self.border_title = None
        else:
            self.border_title = fit_figures(format_estimate(self._estimate), self.size.width - FRAME_CELLS)
