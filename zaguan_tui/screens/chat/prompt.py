"""The prompt: enter sends, ctrl+j breaks the line, arrows at the edges walk through earlier prompts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets._toast import ToastRack

from zaguan_tui.actions.registry import EVERYWHERE, bindings_for
from zaguan_tui.widgets.safe_text_area import SafeTextArea

MAX_REMEMBERED = 200
MAX_PATH_LENGTH = 1_000
OPENING = "([{"
"""A word may begin after these, too."""


def _function_keys() -> list[Binding]:
    """A text area takes f6 and f7 for selecting lines; in the prompt they go to screens like the others."""
    screens = [binding for binding in bindings_for(EVERYWHERE) if (binding.id or "").startswith("room.")]
    keys = [",".join(key for key in binding.key.split(",") if key.startswith("f")) for binding in screens]
    return [replace(binding, key=own) for binding, own in zip(screens, keys, strict=True) if own]


class Prompt(SafeTextArea):
    """A text area that grows with its text.

    ``submit`` gets the text, and returns whether it takes it. It is called at once, not by a message: what is
    typed next must find the field empty already, and the text belongs to the conversation that is open at
    this moment. ``accompanied`` returns whether something goes with the text: then there need be none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("playground.prompt"),
        *_function_keys(),
    ]

    class NothingLeft(Message):
        """Backspace was pressed although there is no text."""

    class AtTyped(Message):
        """An @ was typed where a word begins."""

    @dataclass
    class LinePasted(Message):
        """One line was pasted."""

        text: str

    def __init__(
        self,
        submit: Callable[[str], bool],
        *,
        enter_sends: bool = True,
        accompanied: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(id="prompt")
        self._submit, self._accompanied = submit, accompanied
        self.placeholder = "Ask something …"
        self.cursor_blink = False
        self._enter_sends = enter_sends
        self._sent_prompts: list[str] = []
        self._place = 0
        self._unsent = ""
        self.suggestions: tuple[str, ...] = ()

    async def _on_key(self, event: events.Key) -> None:
        """Keys that mean something else at the edges of the text, before the text area takes them."""
        if event.key == "enter":
            event.prevent_default().stop()
            self.action_send() if self._enter_sends else self.insert("\n")
        elif event.key == "tab" and self._may_suggest:
            event.prevent_default().stop()
            self._suggest()
        elif event.key == "backspace" and not self.text:
            event.prevent_default().stop()
            self.post_message(self.NothingLeft())
        elif event.character == "@" and self._at_word_start:
            await super()._on_key(event)
            self.post_message(self.AtTyped())
        elif event.key == "up" and self.cursor_at_first_line and self._sent_prompts:
            event.prevent_default().stop()
            self._walk(-1)
        elif event.key == "down" and self.cursor_at_last_line and self._place < len(self._sent_prompts):
            event.prevent_default().stop()
            self._walk(1)
        else:
            await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        """What looks like the path of a file may be meant as the file."""
        await super()._on_paste(event)
        pasted = event.text.strip()
        if pasted and "\n" not in pasted and len(pasted) <= MAX_PATH_LENGTH:
            self.post_message(self.LinePasted(pasted))

    def on_resize(self) -> None:
        """Notices stand above the prompt, however high it is."""
        self.call_after_refresh(self._place_notices)

    def _place_notices(self) -> None:
        top = min(
            self.region.y,
            *(box.region.y for box in self.screen.query("#prompt-box")),
            self.screen.size.height,
        )
        for rack in self.screen.query(ToastRack):
            rack.styles.margin = (0, 0, self.screen.size.height - top, 0)

    def take_back(self, text: str) -> bool:
        """Take ``text`` away from before the cursor; false when something else stands there."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if not before.endswith(text):
            return False
        self.delete((row, column - len(text)), (row, column), maintain_selection_offset=False)
        return True

    def recall(self, prompts: Sequence[str]) -> None:
        """Remember the prompts of earlier runs of the program, oldest first."""
        self._sent_prompts[:0] = prompts
        del self._sent_prompts[:-MAX_REMEMBERED]
        self._place = len(self._sent_prompts)

    @property
    def _at_word_start(self) -> bool:
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        return self.selection.is_empty and (not before or before[-1].isspace() or before[-1] in OPENING)

    @property
    def how_to_send(self) -> str:
        """The hint in the frame."""
        return "enter sends · ctrl+j new line" if self._enter_sends else "ctrl+d sends · enter new line"

    @property
    def says_something(self) -> bool:
        """Whether there is anything to send: more than space, or what goes with it."""
        return bool(self.text.strip()) or self._accompanied()

    def action_send(self) -> None:
        """Send what is written, if it says something; what is refused stays."""
        self.offer(self._submit)

    def offer(self, submit: Callable[[str], bool]) -> None:
        """Clear the prompt if ``submit`` takes what is written; what is refused stays."""
        text = self.text if self.text.strip() else ""
        if self.says_something and submit(text):
            self._remember(text)
            self.text = ""

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def put_back(self, text: str) -> None:
        """Give a prompt back that could not be answered, unless something else is being written."""
        if not self.text.strip():
            self.write(text)

    def put_above(self, text: str) -> None:
        """Give a text back that went nowhere: it stands above what was written since."""
        self.write("\n".join(part for part in (text, self.text) if part))

    def _remember(self, text: str) -> None:
        if text and (not self._sent_prompts or self._sent_prompts[-1] != text):
            self._sent_prompts.append(text)
            del self._sent_prompts[:-MAX_REMEMBERED]
        self._place, self._unsent = len(self._sent_prompts), ""

    @property
    def _may_suggest(self) -> bool:
        return bool(self.suggestions) and (not self.text or self.text in self.suggestions)

    def _suggest(self) -> None:
        place = self.suggestions.index(self.text) + 1 if self.text else 0
        self.write(self.suggestions[place % len(self.suggestions)])

    def _walk(self, step: int) -> None:
        if self._place == len(self._sent_prompts):
            self._unsent = self.text
        self._place = min(len(self._sent_prompts), max(0, self._place + step))
        self.write(self._sent_prompts[self._place] if self._place < len(self._sent_prompts) else self._unsent)
