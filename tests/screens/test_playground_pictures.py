"""What is settled becomes a picture: it looks as it did, can be selected and clicked, and follows theme and
width."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.geometry import Offset
from textual.selection import Selection

from screens.playground_scene import Scene, playing, well
from screens.stage import shown
from zaguan_tui.screens.chat.answers.markdown import MAX_PART_LENGTH, AnswerMarkdown, estimate_widgets
from zaguan_tui.screens.chat.answers.rendered_block import RenderedBlock, render_to_lines
from zaguan_tui.text.sanitize import clean
from zaguan_tui.theme.themes import LIGHT

SECTION = """## Heading {n}

Some *words* and `code` in [a link](https://example.com/{n}), 漢字 and 🙂 too.

- one
- two with **bold**

> A quote.

| a | b |
| - | - |
| {n} | [/] |

```python
def number_{n}() -> int:
    return {n}
```

"""
LONG = "".join(SECTION.format(n=n) for n in range(36))


async def drawn(scene: Scene) -> RenderedBlock:
    """The picture of the newest answer, once all is drawn that is to be."""
    await scene.until(
        lambda: len(scene.answer.query(AnswerMarkdown)) <= 2 and scene.answer.query(RenderedBlock)
    )
    await asyncio.sleep(0.1)
    await scene.pilot.pause()
    return scene.answer.query(RenderedBlock).first()


async def test_a_long_answer_is_one_picture_and_a_little_that_lives() -> None:
    async with playing(well(LONG)) as (scene, _):
        await scene.ask("go")
        await drawn(scene)
        assert len(scene.answer.query(RenderedBlock)) == 1
        assert len(list(scene.answer.walk_children())) < estimate_widgets(LONG) / 2
        await scene.press("escape", "g")
        assert "Heading 0" in scene.text
        assert "漢字 and 🙂 too." in scene.text
        assert "[/]" in scene.text


async def test_an_answer_that_is_not_the_newest_is_hardly_any_widgets() -> None:
    async with playing(well(LONG), well("Short.")) as (scene, _):
        older = await scene.ask("go")
        assert len(list(older.walk_children())) > 100
        await scene.ask("and then?")
        await scene.until(lambda: len(list(older.walk_children())) < 15)
        await scene.press("escape", "g")
        assert "Heading 0" in scene.text


async def test_a_picture_looks_as_what_it_was_made_of() -> None:
    async with playing(well(SECTION.format(n=7))) as (scene, _):
        await scene.ask("go")
        part = scene.answer.query_one(AnswerMarkdown)
        before = shown(part)
        strips = render_to_lines(part)
        assert strips is not None
        assert "\n".join(strip.text.rstrip() for strip in strips) == before


async def test_text_of_a_picture_can_be_selected_and_is_marked() -> None:
    async with playing(well(LONG)) as (scene, play):
        await scene.ask("go")
        picture = await drawn(scene)
        selection = Selection(Offset(0, 0), Offset(7, 0))
        assert picture.get_selection(selection) == ("Heading", "\n")
        plain = picture.render_line(0)
        play.screen.selections = {picture: selection}
        await scene.pilot.pause()
        marked = picture.render_line(0)
        assert marked.text == plain.text
        assert [segment.style for segment in marked] != [segment.style for segment in plain]


async def test_a_link_in_a_picture_opens_nothing_and_is_shown() -> None:
    async with playing(well(LONG)) as (scene, play):
        await scene.ask("go")
        picture = await drawn(scene)
        opened: list[Any] = []
        play.app.open_url = lambda url, **_: opened.append(url)  # type: ignore[method-assign]
        await scene.press("escape", "g")
        line = next(y for y in range(30) if "a link" in picture.render_line(y).text)
        at = picture.render_line(line).text.index("a link") + 1
        await scene.pilot.click(picture, offset=(at, line))
        await scene.until(lambda: "https://example.com/0" in scene.toasts)
        assert opened == []


async def test_pictures_follow_the_theme_and_the_width() -> None:
    async with playing(well(LONG)) as (scene, play):
        await scene.ask("go")
        picture = await drawn(scene)
        dark = picture.render_line(0)._segments[0].style
        play.app.theme = LIGHT
        await scene.until(lambda: not picture.is_attached)
        light = (await drawn(scene)).render_line(0)._segments[0].style
        assert dark is not None
        assert light is not None
        assert dark.bgcolor != light.bgcolor
        await play.resize(70, 30)
        await scene.until(
            lambda: (await_width := scene.answer.query(RenderedBlock)) and await_width.first().size.width < 70
        )
        await drawn(scene)
        assert scene.answer.copy_text == clean(LONG)
        await scene.press("escape", "g")
        assert "Heading 0" in scene.text


async def test_code_wider_than_its_place_stays_alive_so_that_it_can_be_scrolled() -> None:
    wide = "```\n" + "x" * 300 + "\n```\n\n"
    filler = "Some words to fill it up. " * (MAX_PART_LENGTH // 20) + "\n\n"
    async with playing(well(wide + filler * 5)) as (scene, _):
        await scene.ask("go")
        await scene.until(lambda: scene.answer.query(RenderedBlock))
        assert scene.answer.query("MarkdownFence")


async def test_while_somebody_types_what_comes_is_plain_and_settles_afterwards() -> None:
    async with playing(well(LONG)) as (scene, _):
        await scene.until(lambda: scene.ready)
        await scene.send("go")
        for letter in "typing":
            scene.prompt.insert(letter)
            await scene.pilot.pause(0.02)
        await scene.over()
        await drawn(scene)
        assert scene.prompt.text == "typing"
        assert scene.answer.copy_text == clean(LONG)
