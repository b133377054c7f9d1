"""The text of an answer while its widgets come and go: no piece is lost, none ends the app."""

from __future__ import annotations

from textual.app import App

from screens.stage import shown, wait_until
from zaguan_tui.screens.chat.answers.body import AnswerBody
from zaguan_tui.screens.chat.answers.markdown import AnswerMarkdown


async def test_text_that_ends_before_the_body_is_mounted_is_shown_once_it_is() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        body = AnswerBody()
        body.feed("One.\n\nTwo.")
        await body.finish("One.\n\nTwo.")
        await app.mount(body)
        await wait_until(pilot, lambda: "Two." in shown(body))
        assert [part.source for part in body.query(AnswerMarkdown)] == ["One.\n\nTwo."]


async def test_text_goes_into_a_new_part_where_the_last_is_being_removed() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        await app.mount(body := AnswerBody())
        body.feed("One.\n\n")
        await wait_until(pilot, lambda: body.query(AnswerMarkdown))
        removal = body.query_one(AnswerMarkdown).remove()
        body.feed("Two.\n\n")
        await body.finish("One.\n\nTwo.\n\n")
        await removal
        assert [part.source for part in body.query(AnswerMarkdown)] == ["Two.\n\n"]
        assert "Two." in shown(body)


async def test_a_body_that_is_being_removed_takes_no_text_and_raises_nothing() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        await app.mount(body := AnswerBody())
        body.feed("One.\n\nTwo.")
        removal = body.remove()
        await body.finish("One.\n\nTwo.")
        await removal
        await pilot.pause()
        assert not body.is_attached
        assert not app.query(AnswerMarkdown)
