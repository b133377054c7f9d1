"""Reading while writing: page keys move the conversation, and keys that find nothing to do say so."""

from __future__ import annotations

from state.scripted_chat import Pause

from screens.playground_scene import playing, well
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ReasoningDelta, StreamEnded, TextDelta

LINES = "".join(f"Line {n}.\n\n" for n in range(60))


async def test_page_keys_read_the_conversation_while_one_writes() -> None:
    script = [TextDelta(LINES), Pause(1), TextDelta(LINES), Pause(1), StreamEnded(Ending.FINISHED)]
    async with playing(script) as (scene, play):
        await scene.send("go")
        transcript = scene.screen.transcript
        await scene.until(lambda: transcript.max_scroll_y > 20)
        await scene.write("a draft")
        await scene.press("pageup")
        place = transcript.scroll_y
        assert place < transcript.max_scroll_y
        assert scene.prompt.has_focus
        before = transcript.max_scroll_y
        await play.clock.advance(1)
        await scene.until(lambda: transcript.max_scroll_y > before)
        assert transcript.scroll_y == place, "the reader keeps the place"
        for _ in range(12):
            await scene.press("pagedown")
        assert transcript.scroll_y == transcript.max_scroll_y
        assert scene.prompt.text == "a draft"
        await play.clock.advance(2)
        await scene.over()
        assert transcript.scroll_y == transcript.max_scroll_y, "and follows again from the newest line on"


async def test_keys_that_find_nothing_say_so() -> None:
    reasoning_events = [ReasoningDelta("Hm."), TextDelta("Four."), StreamEnded(Ending.FINISHED)]
    async with playing(well(), reasoning_events) as (scene, _):
        await scene.press("ctrl+e")
        assert "There is nothing to unfold" in scene.toasts
        scene.app.clear_notifications()
        await scene.screen.run_action("copy")
        await scene.pilot.pause()
        assert "There is nothing to copy yet." in scene.toasts
        await scene.ask("hello")
        scene.app.clear_notifications()
        await scene.press("ctrl+e")
        assert "There is nothing to unfold" in scene.toasts
        await scene.ask("2+2?")
        scene.app.clear_notifications()
        await scene.press("ctrl+e")
        assert "▾ reasoning" in scene.text
        assert not scene.toasts
