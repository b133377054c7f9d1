"""The commands of the playground: what each of its actions runs, and why it cannot run now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from zaguan_tui.screens.common.services import Command
from zaguan_tui.screens.playground.controllers.controller_set import PlaygroundControllers

STOP, LEAVE = "playground.stop", "playground.leave"


def build_commands(parts: PlaygroundControllers) -> Mapping[str, Command]:
    """The commands by the ids of their actions."""
    return {**_prompt_commands(parts), **_conversation_commands(parts), **_answer_commands(parts)}


def _prompt_commands(parts: PlaygroundControllers) -> dict[str, Command]:
    return {
        STOP: Command(parts.sender.stop, parts.sender.stop_reason),
        LEAVE: Command(partial(_leave, parts), parts.sender.answer_reason),
        "playground.write": Command(parts.prompt.focus),
        "playground.model": Command(parts.models.pick),
        "playground.system": Command(parts.parameters.edit_system_prompt),
        "tuning.parameters": Command(parts.parameters.edit),
        "tuning.dialect": Command(parts.parameters.toggle_dialect, group="model"),
        "composer.attach": Command(parts.attachments.choose),
        "composer.detach": Command(parts.attachments.remove),
        "composer.editor": Command(parts.prompt_texts.open_editor),
        "composer.library": Command(parts.prompt_texts.open_library),
    }


def _conversation_commands(parts: PlaygroundControllers) -> dict[str, Command]:
    talks, branches, opening = parts.conversations, parts.branches, parts.sender.opening_reason
    return {
        "playground.new": Command(talks.begin_new, group="open"),
        "playground.history": Command(talks.browse, opening),
        "playground.retry": Command(branches.retry, branches.retry_reason),
        "conversation.fork": Command(branches.fork, branches.fork_reason, "open"),
        "conversation.edit": Command(branches.edit_prompt, branches.edit_reason, "open"),
        "conversation.rename": Command(talks.rename, talks.rename_reason),
        "conversation.export": Command(talks.export, talks.export_reason),
        "conversation.import": Command(talks.import_conversations, opening),
        "conversation.undo": Command(talks.undo_delete, talks.undo_reason, "open"),
        "conversation.earlier_answer": Command(
            partial(branches.choose_answer, -1), branches.choose_reason, "choose"
        ),
        "conversation.later_answer": Command(
            partial(branches.choose_answer, 1), branches.choose_reason, "choose"
        ),
    }


def _answer_commands(parts: PlaygroundControllers) -> dict[str, Command]:
    answers, follow_ups, wire = parts.answers, parts.follow_ups, parts.wire
    return {
        "transcript.page_up": Command(partial(_scroll_page, parts, -1)),
        "transcript.page_down": Command(partial(_scroll_page, parts, 1)),
        "playground.reasoning": Command(answers.toggle_reasoning, answers.reasoning_reason, hint=True),
        "playground.copy": Command(partial(_copy, parts), partial(_copy_reason, parts), hint=True),
        "answer.continue": Command(follow_ups.continue_answer, follow_ups.continue_reason),
        "answer.tool": Command(follow_ups.answer_tools, follow_ups.tools_reason),
        "answer.copy_code": Command(answers.copy_code),
        "answer.save_image": Command(answers.save_image, answers.image_reason),
        "answer.receipt": Command(answers.show_receipt, answers.receipt_reason),
        "answer.both": Command(parts.dialects.compare, parts.dialects.disabled_reason),
        "wire.toggle": Command(wire.toggle, group=""),
        "wire.copy_as": Command(wire.copy_as, wire.request_reason),
        "wire.save": Command(wire.save, wire.request_reason, "save"),
        "wire.leave": Command(wire.leave),
    }


def _leave(parts: PlaygroundControllers) -> None:
    if not parts.wire.leave_prompt():
        parts.answers.focus_newest()


def _scroll_page(parts: PlaygroundControllers, step: int) -> None:
    if not parts.wire.scroll_page(step):
        parts.answers.scroll_page(step)


def _copy(parts: PlaygroundControllers) -> None:
    (parts.wire if parts.wire.has_focus else parts.answers).copy()


def _copy_reason(parts: PlaygroundControllers) -> str:
    return (parts.wire if parts.wire.has_focus else parts.answers).copy_reason()
