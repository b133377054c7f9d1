"""Pictures made, edited and varied (wire reference §3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from ..catalogue import Endpoint, by_name, endpoint
from ..options import RequestOptions
from .transfer_group import TransferGroup

if TYPE_CHECKING:
    from ..image_request import EditParams, ImageParams, VariationParams
    from ..image_stream import ImageStream
    from ..multipart import Progress
    from ..types.images import ImageList
    from ..upload_source import FileInput


class ImageEndpoints(TransferGroup):
    """``/v1/images``."""

    @endpoint("POST", "/v1/images/generations")
    async def create_image(
        self,
        row: Endpoint,
        *,
        prompt: str,
        options: RequestOptions | None = None,
        **params: Unpack[ImageParams],
    ) -> ImageList:
        """1 to 10 pictures of what ``prompt`` says. ``params``: see :class:`ImageParams`."""
        from ..image_request import image_body
        from ..types.images import read_images

        body = image_body(prompt, params, stream=False)
        return await self._read(row, read_images, body=body, options=options)

    def create_image_stream(
        self, *, prompt: str, options: RequestOptions | None = None, **params: Unpack[ImageParams]
    ) -> ImageStream:
        """The same with up to ``partial_images`` drafts before the picture, as a stream of events."""
        from ..image_request import image_body
        from ..image_stream import ImageStream

        body = image_body(prompt, params, stream=True)
        door = self._events(by_name("create_image"), body=body, options=options)
        return ImageStream(
            door.open, model=params.get("model"), wanted=params.get("n") or 1, settings=door.settings
        )

    @endpoint("POST", "/v1/images/edits")
    async def edit_image(
        self,
        row: Endpoint,
        *,
        image: FileInput | Sequence[FileInput],
        prompt: str,
        mask: FileInput | None = None,
        progress: Progress | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[EditParams],
    ) -> ImageList:
        """1 to 16 pictures changed as ``prompt`` says, where ``mask`` (a PNG) is transparent.

        ``params``: see :class:`EditParams`. Files are sent from disk; ``progress`` is told how far.
        """
        from ..image_request import edit_form
        from ..types.images import read_images

        form = edit_form(image, prompt, mask, params, stream=False, progress=progress)
        return await self._read_form(row, form, read_images, options=options)

    def edit_image_stream(
        self,
        *,
        image: FileInput | Sequence[FileInput],
        prompt: str,
        mask: FileInput | None = None,
        progress: Progress | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[EditParams],
    ) -> ImageStream:
        """The same with drafts before the picture, as a stream of events."""
        from ..image_request import edit_form
        from ..image_stream import ImageStream

        form = edit_form(image, prompt, mask, params, stream=True, progress=progress)
        door = self._events(by_name("edit_image"), form=form, options=options)
        return ImageStream(
            door.open, model=params.get("model"), wanted=params.get("n") or 1, settings=door.settings
        )

    @endpoint("POST", "/v1/images/variations")
    async def create_image_variation(
        self,
        row: Endpoint,
        *,
        image: FileInput,
        progress: Progress | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[VariationParams],
    ) -> ImageList:
        """1 to 10 pictures like ``image``. ``params``: see :class:`VariationParams`."""
        from ..image_request import variation_form
        from ..types.images import read_images

        form = variation_form(image, params, progress=progress)
        return await self._read_form(row, form, read_images, options=options)
