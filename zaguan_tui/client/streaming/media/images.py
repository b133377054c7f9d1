"""Image streams with partial images (wire reference §3.5; event names: OpenAI spec)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.event_stream import EventStream, StreamOpener, StreamSettings
from zaguan_tui.client.streaming.events import StreamEnded
from zaguan_tui.client.streaming.report import BaseMerge, StreamReport
from zaguan_tui.client.types.answers.images import Image, read_image, read_images
from zaguan_tui.client.types.answers.usage import read_usage
from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.primitives import UnreadableValue

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.outcome import StreamOutcome
    from zaguan_tui.client.streaming.timings import StreamTimer
    from zaguan_tui.client.types.answers.usage import Usage


@dataclass(slots=True)
class PartialImage:
    """A draft of the picture; ``step`` counts from 0."""

    image: Image
    step: int | None = None


@dataclass(slots=True)
class ImageCompleted:
    """A finished picture."""

    image: Image


ImageEvent: TypeAlias = PartialImage | ImageCompleted | StreamEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageResult(StreamReport):
    """The pictures that were finished, and the latest draft of the one that was not."""

    data: tuple[Image, ...] = ()
    draft: Image | None = None
    usage: Usage | None = None


class ImageMerge(BaseMerge[ImageEvent]):
    """Puts ``image_generation.*`` and ``image_edit.*`` events together; ``wanted`` pictures are the end."""

    def __init__(self, drift: Drift, expected_count: int) -> None:
        super().__init__(drift)
        self._expected_count = expected_count
        self._images: list[Image] = []
        self._draft: Image | None = None
        self._usage: Usage | None = None

    def feed(self, chunk: dict[str, Any], event: str, out: list[ImageEvent]) -> bool:
        """Merge one frame; ``True`` if it is the last."""
        event_type = chunk.get("type")
        kind = event_type if isinstance(event_type, str) else event
        try:
            if kind.endswith(".partial_image"):
                step = chunk.get("partial_image_index")
                self._draft = read_image(chunk, self.drift)
                out.append(PartialImage(self._draft, step if type(step) is int else None))
                self.is_empty = False
            elif kind.endswith(".completed"):
                return self._finished([read_image(chunk, self.drift)], chunk, out)
            elif "data" in chunk:
                return self._finished(read_images(chunk).data, chunk, out, whole=True)
        except UnreadableValue as error:
            self.drift.say(f"an event without a picture: found {error.received}", kind="no picture")
        return False

    def ending(self) -> Ending:
        """Pictures are only finished or not."""
        return Ending.FINISHED

    def result(self, outcome: StreamOutcome, timer: StreamTimer) -> ImageResult:
        """The pictures so far."""
        return ImageResult(
            **self._report(outcome, timer), data=tuple(self._images), draft=self._draft, usage=self._usage
        )

    def _finished(
        self,
        images: list[Image] | tuple[Image, ...],
        chunk: Mapping[str, Any],
        out: list[ImageEvent],
        *,
        whole: bool = False,
    ) -> bool:
        self._images += images
        self._draft = None
        self._usage = read_usage(chunk.get("usage"), self.drift) or self._usage
        out += [ImageCompleted(image) for image in images]
        self.whole = self.is_complete = True
        self.is_empty = False
        return whole or len(self._images) >= self._expected_count


class ImageStream(EventStream[ImageEvent, ImageResult]):
    """A streamed generation or edit."""

    def __init__(
        self,
        open: StreamOpener,  # noqa: A002 - the name all streams use
        *,
        model: str | None,
        expected_count: int,
        settings: StreamSettings,
    ) -> None:
        drift = Drift()
        super().__init__(open, ImageMerge(drift, expected_count), drift, model=model, settings=settings)
