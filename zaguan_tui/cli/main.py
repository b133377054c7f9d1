"""The command line: parser, commands, and one sentence with an exit code for every failure.

Nothing heavy is imported here or for ``--version`` and ``--help``: each command is loaded when it is run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from zaguan_tui import __version__
from zaguan_tui.cli.exit_codes import EXIT_CODES, ExitCode, exit_code_table
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.cli.output import OutputError, flush_output, forget_output, replace_unwritable, write_out

__all__ = ["EXIT_CODES", "main"]

PROGRAM = "zaguan-tui"
_KEY_OPTIONS = ("--api-key", "--admin-key", "--key", "--token")
_EPILOG = f"""\
environment:
  ZAGUAN_BASE_URL, ZAGUAN_API_KEY, ZAGUAN_ADMIN_KEY   the gateway and its keys
  ZAGUAN_PROFILE, ZAGUAN_THEME, ZAGUAN_ANIMATION, ZAGUAN_READ_ONLY   override the file
  ZAGUAN_CONFIG, ZAGUAN_CONFIG_DIR, ZAGUAN_DATA_DIR   where files are

exit codes:
{exit_code_table()}
"""


class UsageError(Exception):
    """The command line cannot be understood; the message is a sentence that shows no value typed."""


class _Parser(argparse.ArgumentParser):
    """Raises UsageError with the nearest right word, and without any value that may be a key."""

    def __init__(self, **settings: Any) -> None:  # those of ArgumentParser; add_parser passes them through
        super().__init__(allow_abbrev=False, exit_on_error=False, **settings)

    @property
    def long_options(self) -> list[str]:
        """Every ``--option``, sorted."""
        return sorted(option for option in self._option_string_actions if option.startswith("--"))

    def _print_message(self, message: str, file: object = None) -> None:
        """Print help or version; a full disk is an error, which argparse would swallow."""
        write_out(message)

    def _check_value(self, action: argparse.Action, value: str) -> None:
        """Refuse an unknown command; no option has ``choices``."""
        if action.choices is not None and value not in action.choices:
            raise UsageError(
                f"There is no command {_quoted(value)}; {_did_you_mean(value, [*action.choices])}"
            )

    def _get_value(self, action: argparse.Action, arg_string: str) -> object:
        """The value of an option in its type. Raises ArgumentError, which keeps quiet about keys."""
        try:
            return super()._get_value(action, arg_string)
        except argparse.ArgumentError as error:
            if not _looks_secret(arg_string):
                raise
            kind = getattr(action.type, "__name__", "")
            raise argparse.ArgumentError(action, f"invalid {kind} value") from error

    def parse(self, words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
        """The arguments, and the words left over. Raises UsageError."""
        try:
            return self.parse_known_args(words)
        except argparse.ArgumentError as error:
            if _looks_secret(error.message):  # only a value given to a switch is left in a message
                error.message = "takes no value"
            self.error(str(error))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the message as a sentence."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; no exception leaves this function."""
    words = list(sys.argv[1:] if argv is None else argv)
    run = Invocation()
    replace_unwritable()
    try:
        return flush_output(_exit_code(words, run))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader has gone (``| head``)
        return forget_output(ExitCode.OK)
    except OutputError as error:
        run.talk(f"{PROGRAM}: {error}")
        return forget_output(ExitCode.USAGE)
    except UsageError as error:
        run.talk(f"{PROGRAM}: {error}\nSee: {PROGRAM} --help")
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - the outermost boundary: a sentence, not a traceback
        from zaguan_tui.cli.failures import explain_failure

        return explain_failure(error, run)


def _exit_code(words: list[str], run: Invocation) -> int:
    try:
        return int(_dispatch(words, run))
    except SystemExit as leaving:  # argparse: --help and --version
        return leaving.code if isinstance(leaving.code, int) else ExitCode.OK


def _dispatch(words: list[str], run: Invocation) -> int:
    parser, commands = _parsers(words)
    _check_options(words, parser, commands)
    args, extra = parser.parse(words)
    if extra:
        known = commands[args.command].long_options if args.command else list(commands)
        raise UsageError(_unknown(extra[0], [*parser.long_options, *known]))
    if args.command == "sandbox":
        from zaguan_tui.cli.sandbox import serve

        return serve(run, args)
    if args.command == "check":
        from zaguan_tui.cli.check import check

        return check(
            run, as_json=args.json, profile=args.profile, base_url=args.base_url, seconds=args.timeout
        )
    if args.command == "keys":
        from zaguan_tui.cli.keymap import show_keys

        return show_keys(run, as_json=args.json)
    if args.command == "config":
        return _config(run, args)
    if "feature_command" in args:
        from zaguan_tui.features.feature import load

        result: int = load(args.feature_command)(run, args)
        return result
    return _launch(run, args)


def _check_options(words: Sequence[str], parser: _Parser, commands: Mapping[str, _Parser]) -> None:
    """Refuse unknown options before the command: argparse would take the word after them for the command."""
    known = [*parser.long_options, "-h"]
    for word in words:
        if word in commands or word == "--":
            return
        if word.startswith("-") and word.partition("=")[0] not in known:
            raise UsageError(_unknown(word, known))


def _config(run: Invocation, args: argparse.Namespace) -> int:
    if args.action == "show":
        from zaguan_tui.cli.config_show import show

        return show(run, as_json=args.json, profile=args.profile, base_url=args.base_url)
    from zaguan_tui.cli.config_file import init, path

    return path(run) if args.action == "path" else init(run)


def _launch(run: Invocation, args: argparse.Namespace) -> int:
    from zaguan_tui.cli.launch import LaunchArguments, launch

    arguments = LaunchArguments(
        demo=args.demo,
        base_url=args.base_url,
        profile=args.profile,
        screen=args.screen,
        theme=args.theme,
        read_only=args.read_only,
        no_mouse=args.no_mouse,
        seed=args.seed,
    )
    return launch(run, arguments)


def _parsers(words: Sequence[str]) -> tuple[_Parser, Mapping[str, _Parser]]:
    """The parser, and those of its commands by name."""
    parser = _Parser(
        prog=PROGRAM,
        description="The terminal control room for the Zaguan CoreX LLM gateway.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--version", action="version", version=f"{PROGRAM} {__version__}")
    add("--demo", nargs="?", const="calm", metavar="SCENARIO", help="open the app on a sandbox of its own")
    add("--base-url", metavar="URL", help="address of the gateway for this run")
    add("--profile", metavar="NAME", help="profile of the configuration file")
    add("--screen", metavar="NAME", help="screen to open first, such as playground or providers")
    add("--theme", metavar="NAME", help="colours for this run")
    add("--read-only", action="store_true", help="take away everything that changes the gateway")
    add("--seed", type=int, default=7, metavar="N", help="seed of the demo's world (default: 7)")
    add("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_sandbox(commands, words)
    _add_check(commands)
    _add_config(commands)
    keys = commands.add_parser("keys", help="list every action with its id and keys")
    keys.add_argument("--json", action="store_true", help="as JSON")
    if words != ["--version"]:
        _add_feature_commands(commands, words)
    return parser, commands.choices


def _add_sandbox(commands: argparse._SubParsersAction[_Parser], words: Sequence[str]) -> None:
    purpose = "run the local gateway alone"
    sandbox = commands.add_parser("sandbox", help=purpose, description=purpose)
    if "sandbox" in words:
        from zaguan_tui.sandbox.config import add_arguments  # here, so that other commands stay quick

        add_arguments(sandbox)


def _add_check(commands: argparse._SubParsersAction[_Parser]) -> None:
    purpose = "say in one sentence whether the gateway can be used"
    check = commands.add_parser(
        "check",
        help=purpose,
        description=purpose,
        epilog=f"exit codes:\n{exit_code_table()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("--json", action="store_true", help="as JSON")
    check.add_argument(
        "--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="limit for each call (default: 10)"
    )
    _add_connection(check)


def _add_config(commands: argparse._SubParsersAction[_Parser]) -> None:
    purpose = "show the settings in force, or write a first file"
    config = commands.add_parser("config", help=purpose, description=purpose)
    actions = config.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_Parser)
    show = actions.add_parser("show", help="every value and where it came from")
    show.add_argument("--json", action="store_true", help="as JSON")
    _add_connection(show)
    actions.add_parser("path", help="where the configuration file is")
    actions.add_parser("init", help="write a commented configuration file")


def _add_feature_commands(commands: argparse._SubParsersAction[_Parser], words: Sequence[str]) -> None:
    """The commands that features declare."""
    from zaguan_tui.features.feature import load
    from zaguan_tui.features.registry import FEATURES

    for command in (feature.command for feature in FEATURES if feature.command is not None):
        parser = commands.add_parser(command.name, help=command.help, description=command.help)
        parser.set_defaults(feature_command=command.run)
        if command.arguments and command.name in words:
            load(command.arguments)(parser)


def _add_connection(parser: argparse.ArgumentParser) -> None:
    """``--base-url`` and ``--profile`` after the command; before it they count too."""
    suppress = argparse.SUPPRESS
    parser.add_argument("--base-url", metavar="URL", default=suppress, help="address of the gateway")
    parser.add_argument("--profile", metavar="NAME", default=suppress, help="profile of the file")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 3600 seconds")
    return seconds


def _unknown(word: str, known: list[str]) -> str:
    option = word.partition("=")[0]
    if option in _KEY_OPTIONS:
        return (
            f"{option} is not an option: keys never go on the command line, where others can read them. "
            "Set ZAGUAN_API_KEY, or name a source of the key in a profile."
        )
    kind = "option" if option.startswith("-") else "command"
    return f"There is no {kind} {_quoted(option)}; {_did_you_mean(option, known)}"


def _quoted(word: str) -> str:
    """``word`` in quotes, unless it may be a key that strayed onto the command line."""
    return "like that (not shown: it looks like a key)" if _looks_secret(word) else repr(word)


def _looks_secret(text: str) -> bool:
    from zaguan_tui.config.secrets import looks_secret

    return looks_secret(text)


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    from zaguan_tui.config.nearest import suggest_name

    return suggest_name(word, known)
