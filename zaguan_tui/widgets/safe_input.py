"""A text field that takes nothing a terminal could obey: what is pasted is foreign text, too."""

from __future__ import annotations

from textual.widgets import Input

from zaguan_tui.text.sanitize import clean


class SafeInput(Input):
    """An Input whose text is clean, however it came in by hand."""

    def insert_text_at_cursor(self, text: str) -> None:
        """Put ``text`` in where the cursor is."""
        super().insert_text_at_cursor(_one_line(text))

    def replace(self, text: str, start: int, end: int) -> None:
        """Put ``text`` in the place of what is between two offsets; what is too long is cut, and notified."""
        line = _one_line(text)
        if self.max_length:
            space = max(0, self.max_length - len(self.value) + abs(end - start))
            if len(line) > 1 and space < len(line):
                line, left_out = line[:space], len(line) - space
                sentence = f"This line takes {self.max_length} characters; {left_out:,} were left out."
                self.notify(sentence, severity="warning", markup=False)
        super().replace(line, start, end)


def _one_line(text: str) -> str:
    return clean(text).replace("\n", " ").replace("\t", " ")
