"""File calls: upload, list, get, download and delete (wire reference §3.7, §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.transfer_group import TransferGroup
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import build_query, check_request

if TYPE_CHECKING:
    from zaguan_tui.client.requests.multipart import Progress
    from zaguan_tui.client.requests.upload_source import FileInput
    from zaguan_tui.client.streaming.byte_stream import ByteStream
    from zaguan_tui.client.types.core.deleted import Deleted
    from zaguan_tui.client.types.core.page import Page
    from zaguan_tui.client.types.jobs.files import File


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

        life: dict[str, str | int] | None
        life = None if expires_after_s is None else {"anchor": "created_at", "seconds": expires_after_s}
        try:
            check_request(row.name, {"file": file, "purpose": purpose, "expires_after": life})
        except ArgumentError as error:
            field = error.field.replace("expires_after.seconds", "expires_after_s")
            raise ArgumentError(field, error.problem, error.allowed) from None
        fields: dict[str, str | int] = {"purpose": purpose}
        fields |= {f"expires_after[{name}]": value for name, value in (life or {}).items()}
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

        params = build_query(row.name, limit=limit, order=order, after=after, purpose=purpose)
        return await self._read(row, read_files, params=params, options=options)

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
