"""The house rules, checked: layers, sizes, lean imports, the key registry, and who may know what."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import zaguan_tui
from zaguan_tui.actions.registry import ACTIONS

PACKAGE = Path(zaguan_tui.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

MOST_LINES = 300
MOST_METHODS = 25
MOST_FUNCTION_LINES = 50

LONG_FILES: dict[str, str] = {}
"""Files allowed to be longer, each with its reason."""

LARGE_CLASSES: dict[str, str] = {
    "ZaguanClient": "the facade has one thin method for each of the catalogue's 54 calls",
}

LONG_FUNCTIONS: dict[str, str] = {}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def loaded_after(statement: str) -> set[str]:
    out = run_python(f"import sys; {statement}; print(' '.join(sys.modules))")
    return {module.partition(".")[0] for module in out.split()}


def test_layers_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    name = name_of(path)
    assert len(text.splitlines()) <= MOST_LINES or name in LONG_FILES, f"{name} asks to be two rooms"
    tree = ast.parse(text)
    for function in functions(tree):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length <= MOST_FUNCTION_LINES or function.name in LONG_FUNCTIONS, (
            f"{name}: {function.name} is {length} lines"
        )
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) for item in node.body)
            assert methods <= MOST_METHODS or node.name in LARGE_CLASSES, (
                f"{name}: {node.name} has {methods} methods"
            )


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{name_of(path)} does not say what it is"
    for node in tree.body:
        if isinstance(
            node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name_of(path)}: {node.name} does not say what it does"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_swallows_everything(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{name_of(path)}:{node.lineno} catches everything"


def test_only_the_transport_speaks_http() -> None:
    speakers = {
        name_of(path)
        for path in SOURCES
        if "sandbox" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (
            isinstance(node, ast.Import)
            and any(alias.name.partition(".")[0] == "httpx" for alias in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "httpx")
    }
    assert all(name.startswith("zaguan_tui/client/") for name in speakers), speakers


def test_app_only_wires() -> None:
    assert len((PACKAGE / "app" / "app.py").read_text(encoding="utf-8").splitlines()) < 200


def test_version_imports_nothing_heavy() -> None:
    loaded = loaded_after("from zaguan_tui.cli.main import main")
    assert not loaded & {
        "textual",
        "httpx",
        "pydantic",
        "starlette",
        "uvicorn",
        "plotext",
        "websockets",
        "aiosqlite",
    }


@pytest.mark.parametrize(
    "module", ["zaguan_tui.state.app_state", "zaguan_tui.storage", "zaguan_tui.text", "zaguan_tui.config"]
)
def test_lower_layers_are_light(module: str) -> None:
    assert not loaded_after(f"import {module}") & {
        "textual",
        "rich",
        "httpx",
        "pydantic",
        "starlette",
        "plotext",
    }


def test_client_is_a_library_on_its_own() -> None:
    loaded = run_python(
        "import sys; from zaguan_tui.client import ZaguanClient; "
        "print(' '.join(m for m in sys.modules if m.startswith(('zaguan_tui', 'textual'))))"
    ).split()
    assert not [
        module for module in loaded if not module.startswith("zaguan_tui.client") and module != "zaguan_tui"
    ]


def test_the_app_paints_without_the_network_stack() -> None:
    loaded = loaded_after("import zaguan_tui.app.app, zaguan_tui.services")
    assert not loaded & {"httpx", "pydantic", "starlette", "uvicorn", "plotext", "websockets"}


def test_every_action_is_whole() -> None:
    ids = [action.id for action in ACTIONS]
    assert len(ids) == len(set(ids))
    for action in ACTIONS:
        assert action.keys, action.id
        assert action.title, action.id
        assert action.help.endswith("."), action.id
