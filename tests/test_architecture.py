"""Architecture rules: layers, import cycles, sizes, names, lean imports, the key registry."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections import Counter
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
MOST_MODULES = 20

LONG_FILES: dict[str, str] = {}
"""Files allowed to be longer, each with its reason."""

LARGE_CLASSES: dict[str, str] = {
    "ZaguanClient": "the facade has one thin method for each of the catalogue's 54 calls",
    "ZaguanApp": "a third of them are the workarounds for Textual, each a class of its own",
    "RealtimeSession": "twenty-four of its own; the rest are the empty defaults of Subject",
}
"""Classes allowed to have more methods, their bases inside the project counted, each with its reason."""

LARGE_FOLDERS: dict[str, str] = {}
"""Folders allowed to have more modules, each with its reason."""

DEFERRED_CYCLES: dict[str, str] = {
    "zaguan_tui.client.realtime": "an annotation: the handshake error names the request of the session",
    "zaguan_tui.state.chat.chat_state": "an annotation: the chat is built from the subjects of the app state",
}
"""Packages that may have cycles through imports inside functions and for annotations."""

BANNED_CLASSES = re.compile(
    r"(Asked|Carried|Desk|Door|Doorman|Errand|Fate|Foot|House|Lane|Lookout|Mischief|Mishaps?|Picture|Reveille"
    r"|Row|Tailor|Thought|Verdict|Watchers|\w+(Desk|Errand|Room))"
)
BANNED_MODULES = re.compile(
    r"asking|branching|composing|concluding|conversing|keeping|listening|talking|tapping|weighing|carried|fate"
    r"|dossier|failings|foot|house|lookout|mischief|mishaps?|reveille|doorman|tailor|verbs"
)
"""Names that say nothing to somebody who knows the field but not this project."""

VAGUE_NAMES = frozenset(("told", "said", "found", "asked", "kept", "heard", "here", "wanted"))
"""Functions, parameters, variables and attributes of these names do not say what they hold."""

VAGUE_NAMES_LEFT: dict[str, int] = {}
"""How many of them are left in a subpackage. The numbers may only fall; where none is named it is 0."""

PRIVATE_READS_LEFT = {"screens": 41, "widgets": 9, "state": 4, "client": 2, "sandbox": 1, "": 3}
"""How often the tests of a folder read a private attribute of another object. The numbers may only fall; the
tests of the workarounds read those of Textual on purpose."""

LONG_FUNCTIONS: dict[str, str] = {}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


@functools.cache
def trees() -> dict[Path, ast.Module]:
    """The syntax tree of every source file."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


@pytest.fixture(scope="module", autouse=True)
def _trees_are_freed() -> Iterator[None]:
    """Millions of nodes would slow every collection of garbage in the tests that follow."""
    yield
    trees.cache_clear()


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = frozenset(map(module_of, SOURCES))


def imported_modules(tree: ast.AST, *, deferred: bool) -> Iterator[str]:
    """The modules of the project that a module imports; with ``deferred`` also inside functions and
    ``TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from names & MODULES or {node.module}
        elif deferred or not (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        ):
            yield from imported_modules(node, deferred=deferred)


def import_graph(*, deferred: bool) -> dict[str, set[str]]:
    """Which modules each module needs; importing a module needs the packages around it."""
    graph: dict[str, set[str]] = {}
    for path in SOURCES:
        name = module_of(path)
        needed = set(imported_modules(trees()[path], deferred=deferred))
        packages = {
            module.rsplit(".", depth)[0] for module in needed for depth in range(1, module.count(".") + 1)
        }
        own = {name} | {name.rsplit(".", depth)[0] for depth in range(1, name.count(".") + 1)}
        graph[name] = needed | (packages - own) if path.name != "__init__.py" else needed - {name}
    return graph


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that need each other."""
    reached = {start: reachable(graph, start) for start in graph}
    groups = {
        tuple(sorted(other for other in reached[start] if start in reached[other]))
        for start in graph
        if start in reached[start]
    }
    return [list(group) for group in sorted(groups)]


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for module in graph[waiting.pop()] - seen:
            seen.add(module)
            waiting.append(module)
    return seen


def project_classes() -> dict[str, tuple[set[str], list[str]]]:
    """The methods and the bases of every class, by the full name under which other modules import it."""
    classes: dict[str, tuple[set[str], list[str]]] = {}
    for path in SOURCES:
        module = module_of(path)
        origins = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(trees()[path])
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(trees()[path]):
            if isinstance(node, ast.ClassDef):
                bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
                names = [base.id for base in bases if isinstance(base, ast.Name)]
                classes[f"{module}.{node.name}"] = (
                    {
                        item.name
                        for item in node.body
                        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
                    },
                    [origins.get(name, f"{module}.{name}") for name in names],
                )
    return classes


def defined_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every function, parameter, variable and attribute that is defined, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                yield name, node.lineno


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


def test_sizes() -> None:
    long_files = [
        f"{name_of(path)}: {lines} lines"
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
        and name_of(path) not in LONG_FILES
    ]
    assert long_files == []
    long_functions = [
        f"{name_of(path)}: {function.name} is {length} lines"
        for path, tree in trees().items()
        for function in functions(tree)
        if (length := (function.end_lineno or function.lineno) - function.lineno + 1) > MOST_FUNCTION_LINES
        and function.name not in LONG_FUNCTIONS
    ]
    assert long_functions == []


def test_classes_are_small_with_their_bases() -> None:
    classes = project_classes()

    def methods(name: str) -> set[str]:
        own, bases = classes[name]
        return own.union(*(methods(base) for base in bases if base in classes))

    large = {name: len(methods(name)) for name in classes if len(methods(name)) > MOST_METHODS}
    assert [
        f"{name}: {count} methods"
        for name, count in large.items()
        if name.rpartition(".")[2] not in LARGE_CLASSES
    ] == []


def test_folders_are_small() -> None:
    counts = Counter(path.parent for path in SOURCES if path.name != "__init__.py")
    large = {name_of(folder): count for folder, count in counts.items() if count > MOST_MODULES}
    assert large.keys() <= LARGE_FOLDERS.keys(), large


def test_no_import_cycles() -> None:
    assert cycles(import_graph(deferred=False)) == []


def test_deferred_imports_close_no_cycles() -> None:
    left = [
        cycle
        for cycle in cycles(import_graph(deferred=True))
        if not any(package in module for module in cycle for package in DEFERRED_CYCLES)
    ]
    assert left == []


def test_names_need_no_glossary() -> None:
    assert [name_of(path) for path in SOURCES if BANNED_MODULES.fullmatch(path.stem)] == []
    classes = [
        f"{name_of(path)}:{node.lineno}: {node.name}"
        for path in SOURCES
        for node in ast.walk(trees()[path])
        if isinstance(node, ast.ClassDef) and BANNED_CLASSES.fullmatch(node.name)
    ]
    assert classes == []


def test_names_say_what_they_hold() -> None:
    places = [
        f"{name_of(path)}:{line}: {name}"
        for path in SOURCES
        for name, line in defined_names(trees()[path])
        if name.strip("_") in VAGUE_NAMES
    ]
    counts = Counter(place.split(":")[0].split("/")[1] for place in places)
    more = {part: count for part, count in counts.items() if count > VAGUE_NAMES_LEFT.get(part, 0)}
    assert more == {}, [place for place in places if place.split(":")[0].split("/")[1] in more]


def private_reads(tree: ast.AST) -> int:
    """How often an attribute with one underscore is read or set, except on ``self`` and ``cls``."""
    return sum(
        isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and ast.unparse(node.value) not in ("self", "cls", "super()")
        for node in ast.walk(tree)
    )


def test_tests_go_through_what_a_caller_sees() -> None:
    tests = Path(__file__).parent
    counts: Counter[str] = Counter()
    for path in tests.rglob("*.py"):
        folder = path.relative_to(tests).as_posix().rpartition("/")[0].partition("/")[0]
        if "workarounds" not in path.parts:
            counts[folder] += private_reads(ast.parse(path.read_text(encoding="utf-8")))
    more = {folder: count for folder, count in counts.items() if count > PRIVATE_READS_LEFT.get(folder, 0)}
    assert more == {}


def test_documented() -> None:
    assert [name_of(path) for path, tree in trees().items() if not ast.get_docstring(tree)] == []
    undocumented = [
        f"{name_of(path)}:{node.lineno}: {node.name}"
        for path, tree in trees().items()
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert undocumented == []


def test_nothing_swallows_everything() -> None:
    bare = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def test_only_the_transport_speaks_http() -> None:
    speakers = {
        name_of(path)
        for path in SOURCES
        if "sandbox" not in path.parts
        for node in ast.walk(trees()[path])
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
