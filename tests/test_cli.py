from __future__ import annotations

import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from zaguan_tui import __version__
from zaguan_tui.cli.exit_codes import EXIT_CODES, ExitCode
from zaguan_tui.cli.main import main

FIXTURES = Path(__file__).parent / "fixtures"
PLANTED = "sk-planted-0123456789abcdef"


@dataclass
class Answer:
    """What a test server says: status, content type, body."""

    status: int = 200
    kind: str = "application/json"
    body: str = "{}"


NOTHING = Answer(404, body='{"error": {"message": "no"}}')


@dataclass
class Server:
    """An HTTP server of the test's own: ``answers`` by path, ``seen`` the Authorization headers it got."""

    port: int
    answers: dict[str, Answer]
    seen: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[ThreadingHTTPServer] = []

    def start(answers: dict[str, Answer], *, tls: bool = False) -> Server:
        state = Server(0, answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                state.seen.append(self.headers.get("Authorization"))
                answer = answers.get(self.path, answers.get("*", NOTHING))
                body = answer.body.encode()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # broken handshakes are the point
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(FIXTURES / "tls" / "certificate.pem", FIXTURES / "tls" / "key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        state.port = server.server_port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append(server)
        return state

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("ZAGUAN_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ZAGUAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("ZAGUAN_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "config" / "config.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


GATEWAY = {
    "/v1/models": Answer(body='{"object": "list", "data": [{"id": "openai/gpt-4o"}, {"id": "x/y"}]}'),
    "/v1/credits/balance": Answer(body='{"credits_remaining": 1500, "credits_total": 2000, "tier": "pro"}'),
}
REFUSAL = Answer(401, body='{"error": {"message": "bad key", "type": "authentication_error"}}')
PAGE = Answer(kind="text/html", body="<!doctype html><html><title>Welcome</title></html>")


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["check", "--json", *words])
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == code
    assert told["sentence"].endswith((".", "!", "?"))
    assert code == ExitCode.OK or told["next_step"]
    return code, told


# -- check ---------------------------------------------------------------------------------------------------


def test_a_gateway_is_told_in_one_sentence(
    serve: Serve, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(GATEWAY)
    monkeypatch.setenv("ZAGUAN_API_KEY", PLANTED)
    assert main(["check", "--base-url", f"{server.url}/v1/"]) == ExitCode.OK
    out = capsys.readouterr().out
    assert "answers as a gateway: 2 models, 1,500 of 2,000 credits left (tier pro)." in out
    assert server.seen == [f"Bearer {PLANTED}"] * 2
    assert PLANTED not in out


def test_a_server_without_credits_is_fine(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    server = serve({"/v1/models": GATEWAY["/v1/models"]})
    code, told = check(capsys, "--base-url", server.url)
    assert (code, told["models"], told["credits_remaining"]) == (ExitCode.OK, 2, None)
    assert "keeps no credits" in str(told["sentence"])


@pytest.mark.parametrize(
    ("key", "code", "kind"),
    [("", ExitCode.NO_KEY, "no_key"), (PLANTED, ExitCode.KEY_REFUSED, "authentication")],
)
@pytest.mark.parametrize("refusing", ["/v1/models", "/v1/credits/balance"])
def test_a_missing_and_a_wrong_key_are_told_apart(
    serve: Serve,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    code: ExitCode,
    kind: str,
    refusing: str,
) -> None:
    server = serve(GATEWAY | {refusing: REFUSAL})
    monkeypatch.setenv("ZAGUAN_API_KEY", key)
    found, told = check(capsys, "--base-url", server.url)
    assert (found, told["kind"]) == (code, kind)
    assert "ZAGUAN_API_KEY" in f"{told['sentence']} {told['next_step']}"
    assert PLANTED not in str(told)


def test_a_closed_port_is_unreachable(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code, told = check(capsys, "--base-url", f"http://127.0.0.1:{port}")
    assert (code, told["kind"]) == (ExitCode.UNREACHABLE, "refused")
    assert f"127.0.0.1:{port}" in str(told["sentence"])
    assert "by itself" not in str(told["next_step"])


def test_a_name_that_does_not_resolve_is_unreachable(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = check(capsys, "--base-url", "https://no-such-host.invalid")
    assert code == ExitCode.UNREACHABLE
    assert "no-such-host.invalid" in str(told["sentence"])


def test_silence_is_unreachable_and_takes_no_longer_than_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        code, told = check(capsys, "--base-url", address, "--timeout", "0.3")
    assert (code, told["kind"]) == (ExitCode.UNREACHABLE, "timeout")
    assert time.monotonic() - began < 5


def test_http_to_a_tls_port_names_https(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    server = serve(GATEWAY, tls=True)
    code, told = check(capsys, "--base-url", server.url)
    assert (code, told["kind"]) == (ExitCode.TLS, "tls")
    assert told["next_step"] == f"Use https://127.0.0.1:{server.port} instead."


def test_https_to_a_plain_port_and_an_untrusted_certificate_are_tls_problems(
    serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    for tls, hint in ((False, "http://"), (True, "SSL_CERT_FILE")):
        server = serve(GATEWAY, tls=tls)
        code, told = check(capsys, "--base-url", f"https://127.0.0.1:{server.port}")
        assert (code, told["kind"]) == (ExitCode.TLS, "tls")
        assert hint in str(told["next_step"])


def test_a_profile_can_bring_its_own_authority(
    serve: Serve, capsys: pytest.CaptureFixture[str], write_config: Callable[[str], Path]
) -> None:
    server = serve(GATEWAY, tls=True)
    authority = json.dumps(str(FIXTURES / "tls" / "certificate.pem"))
    write_config(f'[profiles.lab]\nbase_url = "https://127.0.0.1:{server.port}"\nca_file = {authority}\n')
    assert check(capsys)[0] == ExitCode.OK


@pytest.mark.parametrize(
    "answer",
    [
        PAGE,
        Answer(404, "text/html", PAGE.body),
        Answer(body="not json at all"),
        Answer(body="[1, 2"),
        Answer(404, body='{"detail": "Not Found"}'),
        Answer(200, "application/json", '{"hello": "world"}'),
    ],
    ids=["page", "page 404", "words", "cut json", "404", "other json"],
)
def test_what_is_no_gateway_is_told_as_such(
    serve: Serve, capsys: pytest.CaptureFixture[str], answer: Answer
) -> None:
    server = serve({"*": answer})
    assert check(capsys, "--base-url", server.url)[0] == ExitCode.NOT_A_GATEWAY


def test_a_port_that_speaks_no_http_is_no_gateway(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            for _ in range(3):
                line, _ = listener.accept()
                with line:
                    line.recv(4096)
                    line.sendall(b"220 mail.example ESMTP ready\r\n\r\n")

        threading.Thread(target=greet, daemon=True).start()
        code, _ = check(capsys, "--base-url", f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert code == ExitCode.NOT_A_GATEWAY


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_gateway_in_trouble_is_unreachable(
    serve: Serve, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    server = serve({"*": Answer(status, body='{"error": {"message": "\\u001b[31mboom"}}')})
    assert check(capsys, "--base-url", server.url)[0] == ExitCode.UNREACHABLE
    main(["check", "--base-url", server.url])
    assert "\x1b" not in capsys.readouterr().out


def test_nothing_configured_and_a_bad_address_are_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys)[1]["kind"] == "not_configured"
    assert main(["check", "--base-url", "gateway.example"]) == ExitCode.USAGE
    assert 'did you mean "https://gateway.example"?' in capsys.readouterr().err


def test_a_key_is_never_sent_in_clear_to_another_machine(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAGUAN_API_KEY", PLANTED)
    code, told = check(capsys, "--base-url", "http://192.0.2.1")
    assert (code, told["kind"]) == (ExitCode.USAGE, "plain_http")


# -- secrets -------------------------------------------------------------------------------------------------


def test_no_command_prints_a_key(
    serve: Serve,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    write_config: Callable[[str], Path],
) -> None:
    echo = Answer(401, body=json.dumps({"error": {"message": f"the key {PLANTED} is bad", "type": "x"}}))
    server = serve({"*": echo})
    key_file = tmp_path / "key"
    key_file.write_text(PLANTED)
    key_file.chmod(0o600)
    write_config(
        f"""
[profiles.a]
base_url = "{server.url}"
api_key_file = "{key_file}"
admin_key_command = "echo {PLANTED}"
headers = {{ X-Pass = "{PLANTED}" }}
[profiles.b]
base_url = "{server.url}"
api_key_env = "MY_KEY"
"""
    )
    monkeypatch.setenv("MY_KEY", PLANTED)
    commands = [
        ["config", "show"],
        ["config", "show", "--json"],
        ["config", "show", "--profile", "b"],
        ["config", "path"],
        ["check"],
        ["check", "--json", "--profile", "b"],
        ["keys"],
        ["--api-key", PLANTED],
        [f"--api-key={PLANTED}"],
        ["check", "--token", PLANTED],
        ["--seed", PLANTED],
        [PLANTED],
        ["--help"],
    ]
    for command in commands:
        main(command)
        captured = capsys.readouterr()
        assert PLANTED not in captured.out + captured.err, command
        assert captured.out + captured.err, command
    assert server.seen.count(f"Bearer {PLANTED}") == 2


def test_a_crash_leaves_a_private_report_without_secrets_and_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", PLANTED)

    def explode(*_: object, **__: object) -> int:
        raise RuntimeError(f"cannot go on with {PLANTED}")

    monkeypatch.setattr("zaguan_tui.cli.keymap.show_keys", explode)
    assert main(["keys"]) == ExitCode.INTERNAL
    err = capsys.readouterr().err
    (report,) = (tmp_path / "data" / "crashes").iterdir()
    text = report.read_text()
    assert str(report) in err
    assert "Traceback" not in err
    assert "RuntimeError: cannot go on with [redacted]" in text
    assert PLANTED not in text + err
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_an_interrupt_has_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("zaguan_tui.cli.keymap.show_keys", interrupt)
    assert main(["keys"]) == ExitCode.INTERRUPTED


# -- config and keys -----------------------------------------------------------------------------------------


def test_config_show_tells_values_and_origins(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, write_config: Callable[[str], Path]
) -> None:
    file = write_config('theme = "zaguan-day"\n[profiles.lab]\nbase_url = "http://127.0.0.1:1"\n')
    monkeypatch.setenv("ZAGUAN_READ_ONLY", "1")
    monkeypatch.setenv("ZAGUAN_API_KEY", PLANTED)
    assert main(["config", "show", "--json"]) == ExitCode.OK
    values = json.loads(capsys.readouterr().out)["values"]
    assert values["theme"] == {"value": "zaguan-day", "origin": f"{file}:1"}
    assert values["read_only"] == {"value": True, "origin": "ENV ZAGUAN_READ_ONLY"}
    assert values["poll.providers"] == {"value": 5.0, "origin": "default"}
    assert values["profiles.lab.base_url"]["origin"] == f"{file}:3"
    assert values["connection.api_key"]["value"] == "set, from ENV ZAGUAN_API_KEY"
    assert main(["config", "show"]) == ExitCode.OK
    captured = capsys.readouterr()
    assert f"{file}:1" in captured.out
    assert str(file) in captured.err


def test_config_init_writes_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["config", "init"]) == ExitCode.OK
    assert capsys.readouterr().out.strip() == str(tmp_path / "config" / "config.toml")
    assert main(["config", "init"]) == ExitCode.USAGE
    assert "left as it is" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["config", "show"], ["keys"], ["check"]])
def test_a_broken_file_stops_every_command_with_its_line(
    capsys: pytest.CaptureFixture[str], write_config: Callable[[str], Path], command: list[str]
) -> None:
    file = write_config("\nthem = 'x'\n")
    assert main(command) == ExitCode.USAGE
    assert capsys.readouterr().err.startswith(f"{file}:2: them = ")


def test_keys_are_checked_by_id_and_shown_with_their_remaps(
    capsys: pytest.CaptureFixture[str], write_config: Callable[[str], Path]
) -> None:
    write_config('[keys]\n"app.quit" = "ctrl+f10"\n')
    assert main(["keys", "--json"]) == ExitCode.OK
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["app.quit"]["keys"], rows["app.quit"]["default"]) == ("ctrl+f10", "ctrl+q")
    file = write_config('[keys]\n"app.help" = "f1"\n"app.quitt" = "f10"\n')
    assert main(["keys"]) == ExitCode.USAGE
    err = capsys.readouterr().err
    assert err.startswith(f"{file}:3: ")
    assert "Did you mean app.quit?" in err


# -- words that are wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--sreen", "models"], "There is no option '--sreen'; did you mean --screen?"),
        (["chek"], "There is no command 'chek'; did you mean check?"),
        (["check", "--jsn"], "There is no option '--jsn'; did you mean --json?"),
        (["config", "shw"], "There is no command 'shw'; did you mean show?"),
        (["--screen", "provders"], "--screen: there is no screen 'provders'; did you mean providers?"),
        (["--demo", "outrage"], "--demo: there is no scenario 'outrage'; did you mean outage?"),
        (["--demo", "--profile", "x"], "--demo: brings its own gateway; leave out --profile."),
        (["--api-key", "x"], "keys never go on the command line"),
        (["sandbox", "--scenario", "x"], "there is no scenario 'x'"),
        (["check", "--timeout", "0"], "must be more than 0 and at most 3600 seconds"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(words) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


def test_every_exit_code_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == ExitCode.OK
    text = capsys.readouterr().out
    assert set(EXIT_CODES) == set(ExitCode)
    for code, meaning in EXIT_CODES.items():
        assert f"{int(code)}  {meaning}" in text


# -- in a process of its own ---------------------------------------------------------------------------------


def in_process(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zaguan_tui", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environ},
    )


def test_without_a_terminal_the_app_says_so() -> None:
    done = in_process()
    assert done.returncode == ExitCode.USAGE
    assert "needs a terminal, but standard input and output are redirected" in done.stderr
    assert done.stdout == ""


def modules_after(words: list[str]) -> set[str]:
    code = (
        "import sys; from zaguan_tui.cli.main import main\n"
        f"main({words!r})\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stderr.split())


HEAVY = {"textual", "httpx", "pydantic", "rich", "starlette", "uvicorn", "websockets", "plotext", "asyncio"}


@pytest.mark.parametrize(
    "words", [["--version"], ["--help"], ["check", "--help"], ["config", "path"], ["keys", "--json"]]
)
def test_light_commands_import_nothing_heavy(words: list[str]) -> None:
    assert not modules_after(words) & HEAVY


def test_version_imports_no_verb_and_no_settings() -> None:
    ours = {name for name in modules_after(["--version"]) if name.startswith("zaguan_tui")}
    assert ours <= {
        "zaguan_tui",
        "zaguan_tui.cli.main",
        "zaguan_tui.cli",
        "zaguan_tui.cli.exit_codes",
        "zaguan_tui.cli.output",
        "zaguan_tui.cli.invocation",
    }
    assert in_process("--version").stdout == f"zaguan-tui {__version__}\n"


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m zaguan_tui keys | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_password_in_a_proxy_or_in_the_address_is_printed_nowhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in (FIXTURES / "field" / "proxy_password_with_hash.env").read_text().splitlines():
        monkeypatch.setenv(*line.split("=", 1))
    monkeypatch.setenv("ZAGUAN_API_KEY", PLANTED)
    for words in (
        ["check", "--base-url", "https://192.0.2.1:9"],
        ["check", "--base-url", "https://me:geheim#1@192.0.2.1:9"],
        ["check", "--json", "--base-url", "https://me:1/geheim@192.0.2.1:9"],
        ["config", "show"],
    ):
        main(words)
        printed = capsys.readouterr()
        assert "geheim" not in printed.out + printed.err
