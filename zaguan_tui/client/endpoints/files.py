"""Files on the server: what batches and fine-tunes read and write (wire reference §3.7, §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.transfer_group import TransferGroup
from zaguan_tui.client.requests.checks import check_integer, check_text
from zaguan_tui.client.requests.fields import page_params

if TYPE_CHECKING:
    from zaguan_tui.client.requests.multipart import Progress
    from zaguan_tui.client.requests.upload_source import FileInput
    from zaguan_tui.client.streaming.byte_stream import ByteStream
    from zaguan_tui.client.types.core.deleted import Deleted
    from zaguan_tui.client.types.core.page import Page
    from zaguan_tui.client.types.jobs.files import File

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
"""Suggestions; servers have others."""
MIN_LIFE_S = 3600
MAX_LIFE_S = 2_592_000
MAX_FILES = 10_000


class FileEndpoints(TransferGroup):
    """``/v1/files``."""

    @endpoint("POST", "/v1/files")
    async def upload_file(
        self,
        row: Endpoint,
        *,
        file: FileInput,
        purpose: str,
        expires_after_s: int | None = None,
        progress: Progress | None = None,
        options: RequestOptions | None = None,
    ) -> File:
        """Send a file from disk, piece by piece; ``progress`` is told bytes sent and bytes in all.

        ``expires_after_s``: one hour to 30 days after its creation. OpenAI takes 512 MB a file, 200 MB and
        50,000 lines for a batch. Repeated, from the first byte, only if it was certainly not taken.
        """
        from zaguan_tui.client.requests.multipart import FormDraft
        from zaguan_tui.client.types.jobs.files import read_file

        check_text("purpose", purpose)
        fields: dict[str, str | int] = {"purpose": purpose}
        if expires_after_s is not None:
            check_integer("expires_after_s", expires_after_s, MIN_LIFE_S, MAX_LIFE_S)
            fields |= {"expires_after[anchor]": "created_at", "expires_after[seconds]": expires_after_s}
        return await self._read_form(
            row, FormDraft(fields, [("file", file)], progress), read_file, options=options
        )

    @endpoint("GET", "/v1/files")
    async def list_files(
        self,
        row: Endpoint,
        *,
        purpose: str | None = None,
        limit: int | None = None,
        order: str | None = None,
        after: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[File]:
        """One page of files, newest first unless ``order="asc"``; ``limit`` 1 to 10,000.

        All of them: ``paginate(client.list_files)``.
        """
        from zaguan_tui.client.types.jobs.files import read_files

        params = page_params(limit=limit, order=order, after=after, most=MAX_FILES)
        return await self._read(row, read_files, params={**params, "purpose": purpose}, options=options)

    @endpoint("GET", "/v1/files/{file_id}")
    async def get_file(self, row: Endpoint, file_id: str, *, options: RequestOptions | None = None) -> File:
        """What the server knows of a file."""
        from zaguan_tui.client.types.jobs.files import read_file

        return await self._read(row, read_file, ids={"file_id": file_id}, options=options)

    @endpoint("DELETE", "/v1/files/{file_id}")
    async def delete_file(
        self, row: Endpoint, file_id: str, *, options: RequestOptions | None = None
    ) -> Deleted:
        """Delete a file for good."""
        from zaguan_tui.client.types.core.deleted import read_deleted

        return await self._read(row, read_deleted, ids={"file_id": file_id}, options=options)

    @endpoint("GET", "/v1/files/{file_id}/content")
    def get_file_content(
        self, row: Endpoint, file_id: str, *, options: RequestOptions | None = None
    ) -> ByteStream:
        """A file's content as it comes (extension): ``await client.get_file_content(id).save(path)``.

        Or enter it and iterate over its bytes, or over its ``lines()``. Nothing is sent before.
        """
        return self._download(row, ids={"file_id": file_id}, options=options)
