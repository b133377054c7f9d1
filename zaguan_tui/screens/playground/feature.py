"""The playground: chat with a model, and what an answer took."""

from __future__ import annotations

from zaguan_tui.features.feature import Feature
from zaguan_tui.screens.playground.actions import ACTIONS

PLAYGROUND = Feature(
    name="playground",
    title="Playground",
    screen="zaguan_tui.screens.playground.screen:PlaygroundScreen",
    actions=ACTIONS,
    styles=(
        "playground.tcss",
        "parameters.tcss",
        "composer.tcss",
        "answers.tcss",
        "wire.tcss",
        "history.tcss",
    ),
    help=(
        "Write below and press enter. The line under an answer says how it ended, how long the first token "
        "took, how fast it came, how many tokens went in and out, and its request id. Escape stops an answer "
        "and keeps what came; escape again leaves the prompt, so that digits go to the rooms and y copies. "
        "Scrolling up stops following the newest line; end follows again. "
        "@ where a word begins puts a file beside the prompt, and the frame says what a send would take. "
        "Drafts and half answers are on disk."
    ),
    digit="2",
    short="Play",
    view="Chat",
    links=("model", "chat"),
    sheets=("tool_answer", "receipt", "both", "history", "export", "import"),
    text_fields=("tool_answer", "history", "export", "import"),
    widgets=("filter",),
    palette="zaguan_tui.screens.chat.models.lines:list_palette_items",
    watches=("zaguan_tui.state.models.catalogue:ModelsState",),
    calls=(
        "chat_stream",
        "messages_stream",
        "count_tokens",
        "list_models",
        "get_capabilities",
        "list_virtual_models",
        "get_credits_history",
    ),
    sections=("chat", "messages"),
)
