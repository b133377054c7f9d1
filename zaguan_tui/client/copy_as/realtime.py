"""The handshake of a realtime session as code: it connects and prints what the server says."""

from __future__ import annotations

from zaguan_tui.client.copy_as.literals import (
    python_text,
    python_value,
    shell_text,
    typescript_text,
    typescript_value,
)
from zaguan_tui.client.copy_as.request import RedactedRequest

REALTIME_PATH = "/v1/realtime"


def socket_curl(request: RedactedRequest) -> str:
    """For curl from 8.11 on, which can read WebSockets."""
    var = request.variable
    lines = [f"curl -N -sS {shell_text(_address(request), var)}"]
    lines += [f"-H {shell_text(f'{name}: {value}', var)}" for name, value in request.headers.items()]
    return " \\\n  ".join(lines) + "\n"


def socket_python(request: RedactedRequest) -> str:
    """For the package ``websockets``."""
    var = request.variable
    return (
        "import os\n\nfrom websockets.sync.client import connect\n\n"
        f"with connect(\n    {python_text(_address(request), var)},\n"
        f"    additional_headers={python_value(request.headers, var, 1)},\n) as socket:\n"
        "    for frame in socket:\n        print(frame)\n"
    )


def socket_openai(request: RedactedRequest) -> str:
    """For the package ``openai``."""
    var = request.variable
    model = python_text(request.query.get("model", ""), var)
    return (
        "import os\n\nfrom openai import OpenAI\n\n"
        f"client = OpenAI(\n    base_url={python_text(request.base, var)},\n"
        f'    api_key=os.environ["{var}"],\n)\n'
        f"with client.realtime.connect(model={model}) as connection:\n"
        "    for event in connection:\n        print(event)\n"
    )


def socket_typescript(request: RedactedRequest) -> str:
    """For Node with the package ``ws``; browsers cannot set headers."""
    var = request.variable
    return (
        'import WebSocket from "ws";\n\n'
        f"const socket = new WebSocket({typescript_text(_address(request), var)}, {{\n"
        f"    headers: {typescript_value(request.headers, var, 1)},\n}});\n"
        'socket.on("message", (frame) => console.log(frame.toString()));\n'
    )


def _address(request: RedactedRequest) -> str:
    return f"ws{request.url.removeprefix('http')}"
