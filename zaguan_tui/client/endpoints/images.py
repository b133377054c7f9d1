"""Image calls: generation, edit and variation (wire reference §3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint, endpoint_of_method
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.transfer_group import TransferGroup

if TYPE_CHECKING:
    from zaguan_tui.client.requests.images import EditParams, ImageParams, VariationParams
    from zaguan_tui.client.requests.multipart import Progress
    from zaguan_tui.client.requests.upload_source import FileInput
    from zaguan_tui.client.streaming.media.images import ImageStream
    from zaguan_tui.client.types.answers.images import ImageList


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
        from zaguan_tui.client.requests.images import image_body
        from zaguan_tui.client.types.answers.images import read_images

        body = image_body(prompt, params, stream=False)
        return await self._read(row, read_images, body=body, options=options)

    def create_image_stream(
        self, *, prompt: str, options: RequestOptions | None = None, **params: Unpack[ImageParams]
    ) -> ImageStream:
        """The same with up to ``partial_images`` drafts before the picture, as a stream of events."""
        from zaguan_tui.client.requests.images import image_body
        from zaguan_tui.client.streaming.media.images import ImageStream

        body = image_body(prompt, params, stream=True)
        setup = self._events(endpoint_of_method("create_image"), body=body, options=options)
        return ImageStream(
            setup.open,
            model=params.get("model"),
            expected_count=params.get("n") or 1,
            settings=setup.settings,
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
        from zaguan_tui.client.requests.images import edit_form
        from zaguan_tui.client.types.answers.images import read_images

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
        from zaguan_tui.client.requests.images import edit_form
        from zaguan_tui.client.streaming.media.images import ImageStream

        form = edit_form(image, prompt, mask, params, stream=True, progress=progress)
        setup = self._events(endpoint_of_method("edit_image"), form=form, options=options)
        return ImageStream(
            setup.open,
            model=params.get("model"),
            expected_count=params.get("n") or 1,
            settings=setup.settings,
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
        from zaguan_tui.client.requests.images import variation_form
        from zaguan_tui.client.types.answers.images import read_images

        form = variation_form(image, params, progress=progress)
        return await self._read_form(row, form, read_images, options=options)
