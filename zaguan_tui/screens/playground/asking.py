"""The half of the room that asks: what was written goes out once, to where it was meant for, or back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import work

from zaguan_tui.screens.playground.drafts import Drafts
from zaguan_tui.screens.playground.errand import Errand
from zaguan_tui.screens.playground.failings import ANSWERING, NO_MODEL, NOTHING_ASKED, OPENING, sentence_of
from zaguan_tui.screens.playground.reading import ReadingRoom
from zaguan_tui.state.message import Attachment
from zaguan_tui.state.question import Lane, Question
from zaguan_tui.text.sanitize import clean_line

if TYPE_CHECKING:
    from zaguan_tui.screens.playground.listener import Listener


class AskingRoom(ReadingRoom):
    """A reading room with drafts. ``_listener`` is there once the conversations are open."""

    _drafts: Drafts
    _listener: Listener | None = None
    _opening = 0

    @contextmanager
    def _telling(self, fault: str) -> Iterator[None]:
        """Say in a sentence what went wrong; ``fault`` for what nobody expected, which is reported too."""
        try:
            yield
        except Exception as error:
            sentence = sentence_of(error)
            self._warn(sentence or fault)
            if sentence is None:
                raise

    def _submit(self, text: str) -> bool:
        """Take what was written, or refuse it and say why."""
        if self.desk.model is None:
            self._warn(NO_MODEL)
        elif self._may_ask():
            self._send(self._question(text))
            return True
        return False

    def _question(self, text: str) -> Question:
        """What goes out when this was written."""
        return Question(text)

    def _send(self, question: Question, lanes: Sequence[Lane] = ()) -> None:
        """Put a question to the model of the desk, or down these lanes. Ask :meth:`_may_ask` first."""
        errand = self.desk.ask(question, lanes)
        self._drafts.hold(errand)
        self._deliver(errand)

    def _may_ask(self) -> bool:
        if self._listener is None or self._opening:
            self._warn(OPENING)
        elif self.desk.answering:
            self._warn(ANSWERING)
        else:
            return True
        return False

    @work(group="turn", exit_on_error=False)
    async def _deliver(self, errand: Errand) -> None:
        with self._telling("Something went wrong here; the prompt is kept."):
            try:
                if await self._allowed(errand):
                    await self.desk.deliver(errand)
                else:
                    self.desk.withdraw(errand)
                    await self._give_back(errand)
            except Exception:
                await self._give_back(errand)
                raise
            finally:
                self.refresh_bindings()

    async def _allowed(self, errand: Errand) -> bool:
        """Whether an errand may go out; a person may have to be asked."""
        return True

    async def _give_back(self, errand: Errand) -> None:
        """What could not be sent stands where it was written."""
        await self._drafts.give_back(errand)

    def _put_beside(self, attachments: Sequence[Attachment]) -> None:
        """Put files beside the prompt, as if they had been chosen."""

    def action_retry(self) -> None:
        """Ask the last question again."""
        if not self._may_ask():
            return
        if (errand := self.desk.ask_again()) is None:
            self._warn(NOTHING_ASKED)
        else:
            self._deliver(errand)

    @contextmanager
    def _turning_the_page(self) -> Iterator[None]:
        """Nothing can be asked while the desk, the draft and the transcript are of two conversations."""
        self._opening += 1
        try:
            yield
        finally:
            self._opening -= 1
        self._prompt.focus()
        self.refresh_bindings()

    def _warn(self, sentence: str) -> None:
        self.notify(clean_line(sentence), severity="warning", markup=False)
