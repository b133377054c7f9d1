"""The commands of the playground: what each of its actions runs, and why it cannot run now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zaguan_tui.actions.registry import ACTIONS
from zaguan_tui.screens.chat.services import Command
from zaguan_tui.screens.playground.controllers.controller_set import PlaygroundControllers

SCREEN_PREFIX: Final = "screen."
"""How the wire panel names actions of the screen."""


def build_commands(parts: PlaygroundControllers) -> Mapping[str, Command]:
    """The commands by the names of their Textual actions."""
    return {**_prompt_commands(parts), **_conversation_commands(parts), **_answer_commands(parts)}


def map_action_ids(commands: Mapping[str, Command]) -> Mapping[str, Command]:
    """The commands by the ids of their actions in the registry."""
    names = {
        action.id: action.act.partition("(")[0].removeprefix(SCREEN_PREFIX)
        for action in ACTIONS
        if action.where == "playground" or action.act.startswith(SCREEN_PREFIX)
    }
    return {action_id: commands[name] for action_id, name in names.items() if name in commands}


def _prompt_commands(parts: PlaygroundControllers) -> dict[str, Command]:
    sender, parameters, attachments = parts.sender, parts.parameters, parts.attachments
    return {
        "stop": Command(sender.stop, sender.stop_reason),
        "leave": Command(parts.leave_prompt, sender.answer_reason),
        "write": Command(parts.prompt.focus),
        "pick_model": Command(parts.models.pick),
        "edit_system": Command(parameters.edit_system_prompt),
        "parameters": Command(parameters.edit),
        "toggle_dialect": Command(parameters.toggle_dialect, group="model"),
        "attach": Command(attachments.choose),
        "detach": Command(attachments.remove),
        "edit_outside": Command(parts.prompt_texts.open_editor),
        "library": Command(parts.prompt_texts.open_library),
    }


def _conversation_commands(parts: PlaygroundControllers) -> dict[str, Command]:
    conversations, branches, opening = parts.conversations, parts.branches, parts.sender.opening_reason
    return {
        "new_conversation": Command(conversations.begin_new, group="open"),
        "open_conversation": Command(conversations.browse, opening),
        "retry": Command(branches.retry, branches.retry_reason),
        "fork": Command(branches.fork, branches.fork_reason, "open"),
        "edit_prompt": Command(branches.edit_prompt, branches.edit_reason, "open"),
        "rename": Command(conversations.rename, conversations.rename_reason),
        "export": Command(conversations.export, conversations.export_reason),
        "import": Command(conversations.import_conversations, opening),
        "undo_delete": Command(conversations.undo_delete, conversations.undo_reason, "open"),
        "choose_answer": Command(branches.choose_answer, branches.choose_reason, "choose"),
    }


def _answer_commands(parts: PlaygroundControllers) -> dict[str, Command]:
    answers, follow_ups, wire = parts.answers, parts.follow_ups, parts.wire
    return {
        "page": Command(parts.scroll_page),
        "toggle_reasoning": Command(answers.toggle_reasoning, answers.reasoning_reason, hint=True),
        "copy": Command(parts.copy, parts.copy_reason, hint=True),
        "continue_answer": Command(follow_ups.continue_answer, follow_ups.continue_reason),
        "answer_tools": Command(follow_ups.answer_tools, follow_ups.tools_reason),
        "copy_code": Command(answers.copy_code),
        "save_image": Command(answers.save_image, answers.image_reason),
        "show_receipt": Command(answers.show_receipt, answers.receipt_reason),
        "send_both": Command(parts.dialects.compare, parts.dialects.disabled_reason),
        "toggle_wire": Command(wire.toggle, group=""),
        "copy_as": Command(wire.copy_as, wire.request_reason),
        "save_wire": Command(wire.save, wire.request_reason, "save"),
        "leave_wire": Command(wire.leave),
    }
