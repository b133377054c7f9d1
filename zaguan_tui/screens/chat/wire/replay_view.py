"""Plays the frames of an answer again: the text as it grew, with a line that shows the moment and the
stalls."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.status_line import Figure, StatusLine
from zaguan_tui.screens.chat.wire.lines import format_seconds
from zaguan_tui.screens.chat.wire.page import TextPage
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.state.chat.wire.recording import SHOWN, Recording
from zaguan_tui.state.chat.wire.replay import Replay
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.text.cells import left, right
from zaguan_tui.text.format import count, latency
from zaguan_tui.text.sanitize import clean, clean_line

LIVE: Final = "The answer is still coming. When it is over, r plays it again."
NO_FRAMES: Final = "No frame came: there is nothing to play."
PLACE, STATE, SPEED, FRAME, HINT = range(5)


class ReplayView(Vertical, can_focus=True):
    """Shows one replay; :meth:`play` begins it. It needs the recorded frames, no network."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground.wire.replay")]

    def __init__(self, clock: Clock) -> None:
        super().__init__(id="wire-replay")
        self._clock = clock
        self._record: WireRecord | None = None
        self._replay: Replay | None = None

    def compose(self) -> ComposeResult:
        """Where it is, the line of time, the text, the frame."""
        yield StatusLine(id="replay-state")
        yield Static("", id="replay-scrubber")
        yield TextPage(id="replay-text")
        yield Static("", id="replay-frame")

    def on_mount(self) -> None:
        """The text moves by itself; keys belong to the replay."""
        self.query_one(TextPage).can_focus = False

    @property
    def copy_text(self) -> str:
        """The text at the present moment."""
        return self._replay.recording.text_after(self._replay.played) if self._replay else ""

    @property
    def replay(self) -> Replay | None:
        """The recording being played."""
        return self._replay

    def show_wire(self, record: WireRecord, message: Message | None) -> None:
        """This is the answer that would be played; another one stops what plays."""
        if record is not self._record:
            self.stop()
            self._record = record
        if self._replay is None:
            self._explain()

    @work(group="replay", exclusive=True, exit_on_error=False)
    async def play(self) -> None:
        """Play from the beginning."""
        record = self._record
        if record is None or record.live or not record.frames.frames:
            self._explain()
            return
        recording = await asyncio.to_thread(Recording.of, record)
        self._replay = replay = Replay(recording, self._clock)
        self.refresh_bindings()
        await replay.run(self._draw)

    def take_keys(self) -> None:
        """Pause and go on with the keys from now on."""
        self.focus()

    def page(self, step: int) -> None:
        """Scroll a page."""
        self.query_one(TextPage).page(step)

    def stop(self) -> None:
        """Play no more."""
        self.workers.cancel_group(self, "replay")
        self._replay = None

    def action_pause(self) -> None:
        """Pause, go on, or begin again."""
        if self._replay is None:
            self.play()
        else:
            self._replay.pause()
            self._draw()

    def action_change_speed(self) -> None:
        """The next speed."""
        if self._replay is not None:
            self._replay.change_speed()
            self._draw()

    def action_step(self, step: int) -> None:
        """A frame on or back."""
        if self._replay is not None:
            self._replay.step(step)
            self._draw()

    def to_next_stall(self) -> bool:
        """Go to the next stall; whether there is one."""
        moved = self._replay is not None and self._replay.to_next_stall()
        self._draw()
        return moved

    def on_resize(self) -> None:
        """The line of time has another length."""
        self._draw()

    def _explain(self) -> None:
        record = self._record
        words = "space plays the frames again at the rhythm in which they came."
        if record is not None and record.live:
            words = LIVE
        elif record is None or not record.frames.frames:
            words = NO_FRAMES
        self.query_one(TextPage).show(Content.styled(words, "$ink-soft"))
        self.query_one("#replay-state", StatusLine).show([])
        for name in ("#replay-scrubber", "#replay-frame"):
            self.query_one(name, Static).update("")

    def _draw(self) -> None:
        replay = self._replay
        if replay is None or not self.is_attached:
            return
        self.query_one("#replay-state", StatusLine).show(format_replay_state(replay))
        scrubber = self.query_one("#replay-scrubber", Static)
        scrubber.update(render_scrubber(replay, max(10, scrubber.size.width)))
        page = self.query_one(TextPage)
        page.show(_text(replay))
        page.scroll_end(animate=False)
        self.query_one("#replay-frame", Static).update(self._frame_line(replay))

    def _frame_line(self, replay: Replay) -> Content:
        if replay.played == 0 or self._record is None:
            return Content.styled("no frame yet", "$ink-faint")
        frame = replay.recording.frames[replay.played - 1]
        data = self._record.text_of(frame._replace(raw=frame.raw[:1_000]))[:500]
        return Content.assemble(
            (f"{frame.number + 1:.0f} ", "$ink-faint"),
            (clean_line(f"{self._record.event_of(frame)} {data}".strip()), "$ink-soft"),
        )


def format_replay_state(replay: Replay) -> list[Figure]:
    """``▶ playing · 3.2 s of 12.4 s · 1× · frame 12 of 120``."""
    recording = replay.recording
    silence = recording.silence_at(replay.at_s)
    if replay.over:
        state = Content.styled("■ over", "$ink-strong")
    elif replay.paused:
        state = Content.styled("‖ paused", "$warning")
    elif silence is not None:
        so_far = f"▲ silent {latency(replay.at_s - silence.at_s)} of {latency(silence.length_s)}"
        state = Content.styled(so_far, "$warning")
    else:
        state = Content.styled("▶ playing", "$primary")
    figures = [
        Figure(state, STATE),
        Figure(
            Content.assemble(
                (f"{format_seconds(replay.at_s)} s", "$foreground"),
                (f" of {format_seconds(recording.length_s)} s", "$ink-faint"),
            ),
            PLACE,
        ),
        Figure(Content.styled(format_speed(replay.speed), "$ink-soft"), SPEED),
    ]
    frames = f"frame {count(replay.played)} of {count(len(recording.frames))}"
    figures.append(Figure(Content.styled(frames, "$ink-soft"), FRAME))
    return figures


def format_speed(speed: float) -> str:
    """``1×``, ``4×``, ``at once``."""
    return "at once" if speed == float("inf") else f"{speed:g}×"


def render_scrubber(replay: Replay, width: int) -> Content:
    """The whole time in ``width`` cells: what was played, the moment, the stalls."""
    length = replay.recording.length_s
    cells = max(1, width - 16)
    place = cells - 1 if length <= 0 else min(cells - 1, int(replay.at_s / length * cells))
    marks = ["━" if cell < place else "─" for cell in range(cells)]
    stalls: set[int] = set()
    silent: set[int] = set()
    for silence in replay.recording.silences if length > 0 else ():
        first, last = (
            min(cells - 1, int(moment / length * cells))
            for moment in (silence.at_s, silence.at_s + silence.length_s)
        )
        silent.update(range(first, last + 1))
        stalls.add((first + last) // 2)
    parts: list[Content] = [Content.styled(left("0 s", 5), "$ink-faint")]
    for cell, mark in enumerate(marks):
        if cell == place:
            parts.append(Content.styled("●", "bold $primary"))
        elif cell in stalls:
            parts.append(Content.styled("▲", "$warning"))
        elif cell in silent:
            parts.append(Content.styled("╌", "$warning"))
        else:
            parts.append(Content.styled(mark, "$primary" if cell < place else "$rule"))
    parts.append(Content.styled(right(f"{format_seconds(length)} s", 11), "$ink-faint"))
    return Content("").join(parts)


def _text(replay: Replay) -> Content:
    """The end of the reasoning while there is no text, then the end of the text."""
    recording, played = replay.recording, replay.played
    text = recording.text_after(played)
    if not text:
        reasoning = recording.reasoning_after(played)
        return Content.styled(clean(reasoning) or "nothing has come yet", "$ink-soft")
    above = recording.characters_after(played) - SHOWN
    head = Content.styled(f"… {count(above)} characters above\n", "$ink-faint") if above > 0 else Content("")
    return Content.assemble(head, clean(text))
