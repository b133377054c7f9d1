"""Actions of what the chat screens share: prompt, transcript, wire pane, parameters, library, event sheet."""

from __future__ import annotations

from functools import partial

from zaguan_tui.features.action import Action
from zaguan_tui.features.feature import Kit

_wire_frames = partial(Action, where="playground.wire.frames", shown=False)
_wire_page = partial(Action, where="playground.wire.page", shown=False)
_wire_replay = partial(Action, where="playground.wire.replay")
_wire = partial(Action, where="playground.wire")
_transcript = partial(Action, where="playground.transcript", shown=False)
_transcript_answer = partial(Action, where="playground.transcript.answer", shown=False)
_prompt = partial(Action, where="playground.prompt")
_library = partial(Action, where="library")
_fill = partial(Action, where="fill")
_parameters = partial(Action, where="parameters", priority=True)
_parameters_words = partial(Action, where="parameters.words", shown=False)
_parameters_line = partial(Action, where="parameters.line")
_json = partial(Action, where="json", priority=True)
_presets = partial(Action, where="presets")
_wire_copy = partial(Action, where="wire_copy")
_event = partial(Action, where="event")

_ACTIONS: tuple[Action, ...] = (
    _wire_frames(
        "wire.frames.open", "open_frame", "enter", "Open", "Show the frame's JSON in full.", shown=True
    ),
    _wire_frames("wire.frames.down", "move(1)", "j,down", "Down", "Go to the next frame."),
    _wire_frames("wire.frames.up", "move(-1)", "k,up", "Up", "Go to the frame before."),
    _wire_frames("wire.frames.top", "first", "g,home", "Oldest", "Go to the first frame."),
    _wire_frames("wire.frames.bottom", "newest", "G,end", "Newest", "Go to the newest frame and follow."),
    _wire_page("wire.page.down", "scroll_down", "j,down", "Down", "Scroll down."),
    _wire_page("wire.page.up", "scroll_up", "k,up", "Up", "Scroll up."),
    _wire_page("wire.page.top", "scroll_home", "g,home", "Top", "Scroll to the top."),
    _wire_page("wire.page.bottom", "scroll_end", "G,end", "Bottom", "Scroll to the end."),
    _wire_replay(
        "wire.replay.pause", "pause", "space", "Pause", "Pause the replay, or go on; at its end begin again."
    ),
    _wire_replay(
        "wire.replay.speed",
        "change_speed",
        "x",
        "Speed",
        "Play at the original rhythm, four times as fast, at once.",
    ),
    _wire_replay("wire.replay.back", "step(-1)", "comma", "Frame back", "Pause and go a frame back."),
    _wire_replay("wire.replay.forward", "step(1)", "full_stop", "Frame on", "Pause and go a frame on."),
    _wire("wire.previous", "section(-1)", "left", "Section", "Go to the section before.", shown=False),
    _wire("wire.next", "section(1)", "right", "Section", "Go to the next section."),
    _wire("wire.replay", "replay", "r", "Replay", "Play the frames again at the rhythm in which they came."),
    _wire(
        "wire.copy_as", "screen.copy_as", "c", "Copy as", "Copy the request as curl, Python or TypeScript."
    ),
    _wire("wire.filter", "filter", "slash", "Filter", "Filter the frames by what they are and carry."),
    _wire("wire.stall", "next_stall", "S", "Next stall", "Go to the next stall."),
    _wire("wire.raw", "toggle_raw", "v", "Raw", "Show frames as they came, or what they say.", shown=False),
    _wire("wire.save", "screen.save_wire", "s", "Save", "Write requests and frames to a file.", shown=False),
    _wire("wire.leave", "screen.leave_wire", "escape", "Back", "Go back to the answers."),
    _transcript("transcript.down", "scroll_down", "j,down", "Down", "Scroll down."),
    _transcript("transcript.up", "scroll_up", "k,up", "Up", "Scroll up."),
    _transcript("transcript.end", "follow", "G,end", "Newest", "Go to the newest line and follow it."),
    _transcript("transcript.home", "scroll_home", "g,home", "Oldest", "Go to the oldest line shown."),
    _transcript_answer("answer.fold", "fold", "enter", "Fold", "Fold or unfold the focused answer."),
    _prompt("playground.send", "send", "enter,ctrl+d", "Send", "Send the prompt.", display="enter"),
    _prompt(
        "playground.newline",
        "newline",
        "ctrl+j,alt+enter,shift+enter",
        "New line",
        "Start a new line in the prompt.",
        shown=False,
    ),
    _library("library.close", "dismiss(None)", "escape,q", "Close", "Close the library."),
    _library("library.take", "take", "enter", "Take", "Use the highlighted text."),
    _library("library.keep", "keep", "s", "Keep", "Keep what is written now in this list, under a name."),
    _library("library.delete", "delete", "x,delete", "Delete", "Delete the highlighted text."),
    _library("library.other", "other", "left,right,h", "Other list", "Go to the other list.", shown=False),
    _library("library.down", "move(1)", "j", "Down", "Go to the next text.", shown=False),
    _library("library.up", "move(-1)", "k", "Up", "Go to the text before.", shown=False),
    _fill("fill.cancel", "dismiss(None)", "escape", "Cancel", "Close without filling in."),
    _fill("fill.take", "take", "ctrl+s,f2", "Insert", "Take the text with these values.", priority=True),
    _parameters("parameters.cancel", "dismiss(None)", "escape", "Leave", "Close and leave all as it was."),
    _parameters("parameters.keep", "keep", "ctrl+s,f2", "Keep", "Keep what is set."),
    _parameters("parameters.presets", "presets", "alt+p", "Presets", "Load a preset, or keep one."),
    _parameters("parameters.dialect", "dialect", "alt+d", "Dialect", "Put prompts in the other dialect."),
    _parameters("parameters.clear", "clear", "alt+k", "Clear", "Set everything to its default."),
    _parameters("parameters.down", "move(1)", "down", "Down", "Go to the next parameter.", shown=False),
    _parameters("parameters.up", "move(-1)", "up", "Up", "Go to the parameter before.", shown=False),
    _parameters_words("parameters.next_word", "step(1)", "right,space", "Next", "Choose the next word."),
    _parameters_words("parameters.last_word", "step(-1)", "left", "Before", "Choose the word before."),
    _parameters_line(
        "parameters.open",
        "open",
        "enter",
        "Open",
        "Write the JSON; on a greyed line, choose the model that can.",
    ),
    _json("json.cancel", "dismiss(None)", "escape", "Leave", "Close and leave the text as it was."),
    _json("json.keep", "keep", "ctrl+s,f2", "Keep", "Keep the text, once it can be read."),
    _json("json.example", "example", "alt+x", "Example", "Write a valid example."),
    _json("json.tidy", "tidy", "alt+t", "Tidy", "Write it with line breaks and indents."),
    _presets("presets.close", "dismiss(None)", "escape,q", "Close", "Close the presets."),
    _presets("presets.keep", "keep", "s", "Keep", "Keep the parameters of the form under a name."),
    _presets("presets.delete", "delete", "x,delete", "Delete", "Delete the highlighted preset."),
    _presets("presets.down", "move(1)", "j", "Down", "Go to the next preset.", shown=False),
    _presets("presets.up", "move(-1)", "k", "Up", "Go to the preset before.", shown=False),
    _wire_copy("wire.copy.close", "dismiss(None)", "escape,q", "Close", "Close without copying."),
    _wire_copy("wire.copy.take", "take", "enter", "Copy", "Copy the highlighted snippet."),
    _wire_copy("wire.copy.save", "save", "s", "To a file", "Write the highlighted snippet to a file."),
    _wire_copy("wire.copy.down", "move(1)", "j", "Down", "Go to the next language.", shown=False),
    _wire_copy("wire.copy.up", "move(-1)", "k", "Up", "Go to the language before.", shown=False),
    _event("event.close", "dismiss", "escape,q", "Close", "Close the event."),
    _event("event.next", "step(1)", "n,right", "Next", "Show the next event."),
    _event("event.previous", "step(-1)", "p,left", "Previous", "Show the event before."),
    _event("event.copy", "copy", "y", "Copy", "Copy the JSON."),
    _event("event.down", "scroll(1)", "j,down", "Down", "Scroll down.", shown=False),
    _event("event.up", "scroll(-1)", "k,up", "Up", "Scroll up.", shown=False),
)

CHAT_KIT = Kit(
    actions=_ACTIONS,
    sheets=("library", "fill", "parameters", "json", "presets", "wire_copy", "event"),
    text_fields=("playground.prompt", "fill", "parameters", "json"),
)
