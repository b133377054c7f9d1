"""A request as code to paste elsewhere: curl, Python (httpx, openai) and TypeScript.

The key is nowhere in it: the code reads it from its environment variable.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

from zaguan_tui.client.catalogue.declare import match
from zaguan_tui.client.catalogue.openai_calls import OPENAI_CALLS
from zaguan_tui.client.copy_as.literals import (
    json_value,
    python_text,
    python_value,
    shell_text,
    typescript_text,
    typescript_value,
)
from zaguan_tui.client.copy_as.realtime import (
    REALTIME_PATH,
    socket_curl,
    socket_openai,
    socket_python,
    socket_typescript,
)
from zaguan_tui.client.copy_as.request import RedactedRequest, RequestRecord, redact_request
from zaguan_tui.client.dispatch.credentials import Secret

_UNSEEN = "the body was not recorded"


class SnippetLanguage(enum.StrEnum):
    """The languages a request can be copied in."""

    CURL = "curl"
    HTTPX = "httpx"
    OPENAI = "openai"
    TYPESCRIPT = "typescript"


def copy_as(
    snippet: SnippetLanguage,
    request: RequestRecord,
    *,
    secrets: Iterable[Secret | str] = (),
    variable: str | None = None,
) -> str:
    """``request`` as code, ending with a line break.

    ``secrets`` are searched for in every spelling, in address, headers and body; requests as observers see
    them are redacted already. ``variable`` is the environment variable that holds the key, by default
    ``ZAGUAN_API_KEY``, for admin calls ``ZAGUAN_ADMIN_KEY``.
    """
    clean = redact_request(request, secrets=secrets, variable=variable)
    writers = _SOCKET_WRITERS if clean.path == REALTIME_PATH else _WRITERS
    return writers[snippet](clean)


def _curl(request: RedactedRequest) -> str:
    var = request.variable
    words = ["curl", *(["-N"] if request.streaming else []), "-sS"]
    if any(letter in request.url for letter in "[]{}"):
        words.append("--globoff")
    lines = [" ".join([*words, shell_text(request.url, var)])]
    has_body = request.json is not None or request.text is not None
    if request.method != ("POST" if has_body else "GET"):
        lines.append(f"-X {request.method}")
    lines += [f"-H {shell_text(f'{name}: {value}', var)}" for name, value in request.headers.items()]
    if request.json is not None:
        lines.append(f"--data-raw {shell_text(json_value(request.json), var)}")
    elif request.text is not None:
        lines.append(f"--data-raw {shell_text(request.text, var)}")
    elif request.unseen:
        lines.append(f"--data-binary @body.bin  # {_UNSEEN}")
    return " \\\n  ".join(lines) + "\n"


def _httpx(request: RedactedRequest) -> str:
    var = request.variable
    arguments = [f'"{request.method}"', python_text(request.url, var)]
    arguments += _python_arguments(request)
    arguments.append("timeout=600.0")
    inner = "".join(f"    {argument},\n" for argument in arguments)
    head = "import os\n\nimport httpx\n\n"
    if request.streaming:
        lines = ["response.raise_for_status()", "for line in response.iter_lines():", "    print(line)"]
        return f"{head}with httpx.stream(\n{inner}) as response:\n" + "".join(
            f"    {line}\n" for line in lines
        )
    return f"{head}response = httpx.request(\n{inner})\nresponse.raise_for_status()\nprint(response.text)\n"


def _python_arguments(request: RedactedRequest) -> list[str]:
    """Headers and body as keyword arguments of httpx."""
    var = request.variable
    headers = dict(request.headers)
    if request.json is not None:
        headers.pop("content-type", None)
    arguments = [f"headers={python_value(headers, var, 1)}"] if headers else []
    if request.json is not None:
        arguments.append(f"json={python_value(request.json, var, 1)}")
    elif request.text is not None:
        arguments.append(f"content={python_text(request.text, var)}.encode()")
    elif request.unseen:
        arguments.append(f'content=open("body.bin", "rb").read()  # {_UNSEEN}\n    ')
    return arguments


def _openai(request: RedactedRequest) -> str:
    var = request.variable
    head = (
        "import os\n\nfrom openai import OpenAI\n\n"
        f"client = OpenAI(\n    base_url={python_text(request.base, var)},\n"
        f'    api_key=os.environ["{var}"],\n)\n'
    )
    row = match(request.method, request.path)
    known = OPENAI_CALLS.get(row.name) if row is not None else None
    if (
        known is None
        or not (request.json is None or isinstance(request.json, dict))
        or request.text
        or request.unseen
    ):
        return _openai_raw(request, head)
    call, names = known
    body: Mapping[str, object] = request.json or {}
    arguments = [python_text(value, var) for value in _ids(request, names)]
    arguments += [f"{name}={python_value(body[name], var, 1)}" for name in body if name in names]
    extra = {name: value for name, value in body.items() if name not in names}
    for keyword, values in (
        ("extra_body", extra),
        ("extra_query", request.query),
        ("extra_headers", _extra(request)),
    ):
        if values:
            arguments.append(f"{keyword}={python_value(values, var, 1)}")
    inner = "".join(f"    {argument},\n" for argument in arguments)
    call = f"client.{call}(\n{inner})" if inner else f"client.{call}()"
    if request.streaming:
        return f"{head}stream = {call}\nfor chunk in stream:\n    print(chunk)\n"
    return f"{head}response = {call}\nprint(response)\n"


def _openai_raw(request: RedactedRequest, head: str) -> str:
    """A call that the package has no method for, by its documented way for such."""
    var = request.variable
    arguments = [python_text(request.path.removeprefix("/v1"), var), "cast_to=httpx.Response"]
    if request.json is not None:
        arguments.append(f"body={python_value(request.json, var, 1)}")
    elif request.text is not None or request.unseen:
        arguments.append(f"body=None  # {_UNSEEN}\n    ")
    options = {"params": request.query, "headers": _extra(request)}
    given = {name: value for name, value in options.items() if value}
    if given:
        arguments.append(f"options={python_value(given, var, 1)}")
    inner = "".join(f"    {argument},\n" for argument in arguments)
    head = head.replace("import os\n\n", "import os\n\nimport httpx\n", 1)
    return f"{head}response = client.{request.method.lower()}(\n{inner})\nprint(response.text)\n"


def _ids(request: RedactedRequest, names: tuple[str, ...]) -> list[str]:
    """The ids in the path, which the package takes by position."""
    if len(names) != 1 or not names[0].endswith("_id"):
        return []
    row = match(request.method, request.path)
    before = row.path.partition("{")[0] if row is not None else ""
    after = row.path.partition("}")[2] if row is not None else ""
    return [unquote(request.path.removeprefix(before).removesuffix(after))]


def _extra(request: RedactedRequest) -> dict[str, str]:
    """Headers that the package does not set by itself."""
    usual = ("Authorization", "content-type", "accept")
    return {name: value for name, value in request.headers.items() if name not in usual}


def _typescript(request: RedactedRequest) -> str:
    var = request.variable
    fields: list[str] = []
    if request.method != "GET":
        fields.append(f'method: "{request.method}"')
    if request.headers:
        fields.append(f"headers: {typescript_value(request.headers, var, 1)}")
    if request.json is not None:
        fields.append(f"body: JSON.stringify({typescript_value(request.json, var, 1)})")
    elif request.text is not None:
        fields.append(f"body: {typescript_text(request.text, var)}")
    elif request.unseen:
        fields.append(f'body: await (await import("node:fs/promises")).readFile("body.bin") /* {_UNSEEN} */')
    inner = "".join(f"    {field},\n" for field in fields)
    url = typescript_text(request.url, var)
    lines = [
        f"const response = await fetch({url}, {{\n{inner}}});"
        if inner
        else f"const response = await fetch({url});",
        "if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);",
    ]
    if request.streaming:
        lines += [
            "for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {",
            "    process.stdout.write(piece);",
            "}",
        ]
    else:
        lines.append("console.log(await response.text());")
    return "\n".join(lines) + "\n"


_WRITERS: Mapping[SnippetLanguage, Callable[[RedactedRequest], str]] = {
    SnippetLanguage.CURL: _curl,
    SnippetLanguage.HTTPX: _httpx,
    SnippetLanguage.OPENAI: _openai,
    SnippetLanguage.TYPESCRIPT: _typescript,
}
_SOCKET_WRITERS: Mapping[SnippetLanguage, Callable[[RedactedRequest], str]] = {
    SnippetLanguage.CURL: socket_curl,
    SnippetLanguage.HTTPX: socket_python,
    SnippetLanguage.OPENAI: socket_openai,
    SnippetLanguage.TYPESCRIPT: socket_typescript,
}
"""A realtime session is no request that httpx could make: Python gets ``websockets`` instead."""
