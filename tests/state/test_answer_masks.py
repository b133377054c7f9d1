from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.client.dispatch.credentials import MASK, Redactor
from zaguan_tui.client.transport.chunk_redaction import TextMask
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.chat.answer_masks import AnswerMasks, redact_answer
from zaguan_tui.state.chat.message import Message, Role
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.core.clock import FakeClock

KEY = "sk-live-0123456789abcdef"
REDACTOR = Redactor([KEY, "sk-live-other-key-of-mine"])


@given(
    st.lists(st.sampled_from([KEY, KEY[:9], "sk-", "s", "plain text ", "k", KEY.encode().hex()])), st.data()
)
def test_pieces_cut_anywhere_add_up_to_the_redacted_text(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    mask = TextMask(REDACTOR)
    shown = [mask.feed(piece) for piece in pieces]
    shown.append(mask.flush())
    assert KEY not in "".join(shown)
    assert "".join(shown) == REDACTOR.text(text)


def test_what_cannot_become_a_key_is_not_held_back() -> None:
    mask = TextMask(REDACTOR)
    assert mask.feed("a task is ") == "a task is "
    assert mask.feed("to ask a") == "to ask a"
    assert mask.feed(" s") == " "
    assert mask.feed("k-x") == "sk-x"


def test_every_field_of_an_answer_that_a_server_filled_is_redacted() -> None:
    answer = Message(
        "m1",
        Role.ASSISTANT,
        f"text {KEY}",
        FakeClock().now(),
        reasoning=KEY,
        refusal=KEY,
        tool_calls=(ToolCall(KEY, KEY, f'{{"a": "{KEY}"}}'),),
        finish_reason=KEY,
        answered_by=KEY,
        notes=(KEY,),
        blocks=({"type": "text", "text": KEY, "inner": [KEY]},),
        completion_id=KEY,
    )
    assert KEY not in repr(redact_answer(answer, REDACTOR.text))


@pytest.mark.parametrize("size", [1, 3, 7, 100])
async def test_a_key_in_a_streamed_answer_is_masked_in_what_is_told_kept_and_ended(size: int) -> None:
    store, told = ConversationStore(FakeClock()), list[object]()
    store.masks = AnswerMasks(partial(TextMask, REDACTOR), REDACTOR.text)
    store.watch(told.append)
    talk = store.create("m", "")
    (live,) = await store.begin(talk.id, PromptRequest("what is my key?"), [ModelTarget("m")])
    text = f"Your key is {KEY}, and sk-"
    for start in range(0, len(text), size):
        store.append(live, text[start : start + size])
        store.append(live, reasoning=text[start : start + size])
        store.append_call(live, 0, "c1", "send", text[start : start + size])
        assert KEY[:12] not in live.message().text
    answer = await store.finish(live, live.message())
    masked = f"Your key is {MASK}, and sk-"
    deltas = [notice for notice in told if type(notice).__name__ == "Delta"]
    assert "".join(delta.text for delta in deltas) == masked  # type: ignore[attr-defined]
    assert "".join(delta.reasoning for delta in deltas) == masked  # type: ignore[attr-defined]
    assert KEY not in repr(told) + repr(answer)


async def test_a_key_in_a_prompt_is_not_in_the_title_not_even_in_part() -> None:
    store = ConversationStore(FakeClock())
    store.masks = AnswerMasks(partial(TextMask, REDACTOR), REDACTOR.text)
    talk = store.create("m", "")
    await store.begin(talk.id, PromptRequest(f"{'x' * 45} {KEY} is that right?"), [ModelTarget("m")])
    assert KEY[:8] not in store.get(talk.id).title


def test_blocks_nested_too_deep_are_cut() -> None:
    value: object = KEY
    for _ in range(900):
        value = [value]
    answer = Message("m", Role.ASSISTANT, "", FakeClock().now(), blocks=({"input": value},))
    (block,) = redact_answer(answer, REDACTOR.text).blocks
    assert KEY not in repr(block)
    assert "…" in repr(block)
