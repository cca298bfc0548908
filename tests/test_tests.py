"""Tests say in their names what they prove, and use only public names; exceptions have their reasons here."""

import ast
import re
import sys
from collections import Counter
from contextlib import suppress
from functools import cache
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest
from pairwise import pairs

TESTS = Path(__file__).parent

REASONS = {
    ("tools/drawing_thresholds.py", "_MOST_INK"): "it fits this threshold, and prints the one in use",
    ("tools/drawing_thresholds.py", "_FARTHEST"): "it fits this threshold, and prints the one in use",
    ("tools/drawing_thresholds.py", "_FAR"): "it fits this threshold, and prints the one in use",
    ("tools/drawing_thresholds.py", "_LEAST_AGREEING"): "it fits a threshold that this one goes with",
    ("interop/export/test_export.py", "_WAYS"): "no library answers wrongly in just one number",
    ("inventory/command_line.py", "_actions"): "argparse tells of its arguments nowhere else",
    ("training/test_recorded.py", "_pending"): "what a kill loses; to kill a process takes half a minute",
    ("ui/theme/test_theme.py", "colorSchemeChanged.emit"): "the offscreen platform cannot be made dark",
}  # fmt: skip
MOST = Counter(REASONS.keys())

DOCUMENTED = {"os._exit", "sys._current_frames", "sys._MEIPASS"}
"""Documented names that begin with an underscore."""

BY_NAME = {"setattr", "getattr", "delattr", "hasattr", "patch", "object", "attrgetter", "methodcaller"}
"""Functions that take a name as a string."""


@cache
def parsed(pattern="*.py"):
    """The paths of files of tests, within their folder, and what they contain."""
    paths = sorted(TESTS.rglob(pattern))
    return [(path.relative_to(TESTS).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths]


def is_private(name):
    return name.startswith("_") and not name.startswith("__") and name != "_"  # that one translates


def reached(tree):
    """Private names that a test uses, and signals of other classes that it emits."""
    own = own_signals(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name("self" | "cls"), attr) if is_private(attr):
                pass
            case ast.Attribute(ast.Attribute(attr=signal) | ast.Name(signal), "emit") if signal not in own:
                yield f"{signal}.emit"
            case ast.Attribute(attr=attr) if is_private(attr) and ast.unparse(node) not in DOCUMENTED:
                yield attr
            case ast.ImportFrom(names=names):
                yield from (alias.name for alias in names if is_private(alias.name))
            case ast.Call(func, arguments) if ast.unparse(func).split(".")[-1] in BY_NAME:
                yield from named(arguments)
            case ast.Constant(str(text)) if "import cadl_gui" in text or "from cadl_gui" in text:
                with suppress(SyntaxError):  # it is a sentence
                    yield from reached(ast.parse(dedent(text)))


def named(arguments):
    """Private names that are passed as strings, to be looked up in the first argument."""
    owner = ast.unparse(arguments[0]) if arguments else ""
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            name = argument.value.split(".")[-1]
            if is_private(name) and f"{owner}.{name}" not in DOCUMENTED:
                yield name


def own_signals(tree):
    """Signals of the classes that a test defines."""
    assignments = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
    made = (node for node in assignments if ast.unparse(node.value).startswith("Signal("))
    return {ast.unparse(target) for node in made for target in node.targets}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("window._engine.view", ["_engine"]),
        ("self._made = 1", []),
        ("self.window._engine", ["_engine"]),
        ("tab.failed.emit('')", ["failed.emit"]),
        ("tab.clicked.connect(other.failed.emit)", ["failed.emit"]),
        ("class Mine:\n    told = Signal()\nmine.told.emit()", []),
        ("monkeypatch.setattr(module, '_LIMIT', 1)", ["_LIMIT"]),
        ("monkeypatch.setattr('cadl_gui.module._LIMIT', 1)", ["_LIMIT"]),
        ("getattr(window, '_engine')", ["_engine"]),
        ("from cadl_gui.app import _backend", ["_backend"]),
        ("CODE = 'from cadl_gui.app import _backend'", ["_backend"]),
        ("os._exit(0)", []),
        ("monkeypatch.setattr(sys, '_MEIPASS', '')", []),
        ("thing.__dict__", []),
    ],
)
def test_what_is_reached_for_is_found(code, found):
    assert list(reached(ast.parse(code))) == found


def test_tests_reach_for_no_private_name_but_those_with_a_reason():
    """So that renaming or moving an attribute changes no test."""
    found = Counter(
        (path, name) for path, tree in parsed() if path != Path(__file__).name for name in reached(tree)
    )
    assert found.total() > 0
    assert sorted((found - MOST).elements()) == [], "reach for what a user sees"
    assert sorted((MOST - found).elements()) == [], "its reason is not needed any more"


def test_uses_of_private_names_are_few():
    assert MOST.total() <= 10


MOST_PATCHES = 48
"""Patches of the program's own functions, classes and limits that are left. It may only fall: a limit is an
argument of what is built with it, and what is replaced has a seam: a factory, a backend, a fake."""

PATCHING = {"setattr", "setitem", "delattr", "delitem", "object", "patch"}


def patched(tree):
    """What a test replaces in modules and classes of the program."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    ours = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in imports
        if (node.module or "").split(".")[0] == "cadl_gui"
        for alias in node.names
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(_, attr) | ast.Name(attr), [first, *others]) if attr in PATCHING:
                yield from replaced(ours, first, others)


def replaced(ours, first, others):
    """What a call replaces, given its arguments and what names of the program mean."""
    name = others[0].value if others and isinstance(others[0], ast.Constant) else ""
    match first:
        case ast.Constant(str(path)) if path.startswith("cadl_gui."):
            yield path
        case ast.JoinedStr(values=[ast.Constant(str(start)), *_]) if start.startswith("cadl_gui."):
            yield f"{start}…"
        case _:
            root, *inner = ast.unparse(first).split(".")
            if root in ours and not (inner and inner[-1] in sys.stdlib_module_names):
                yield ".".join((ours[root], *inner, name))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from cadl_gui.training import loop\nm.setattr(loop, 'LIVE', 1)", ["cadl_gui.training.loop.LIVE"]),
        ("from cadl_gui.a import b as c\nmock.patch.object(c.D, 'e')", ["cadl_gui.a.b.D.e"]),
        ("m.setattr('cadl_gui.a.b', 1)", ["cadl_gui.a.b"]),
        ("m.setattr(f'cadl_gui.{name}.main', 1)", ["cadl_gui.…"]),
        ("from cadl_gui.a import b\nm.setattr(b.time, 'sleep', 1)", []),
        ("from fakes import b\nm.setattr(b, 'c', 1)", []),
        ("m.setattr(os, 'fsync', 1)", []),
        ("from cadl_gui.a import b\nb.object(c)", []),
    ],
)
def test_patches_of_the_program_are_found(code, found):
    assert list(patched(ast.parse(code))) == found


def test_patches_of_the_program_become_fewer():
    """They bind a test to the place of a name, and prove what the program does not do."""
    found = Counter(f"{path}: {what}" for path, tree in parsed() for what in patched(tree))
    assert found.total() > 0
    assert found.total() <= MOST_PATCHES, "\n".join(sorted(found.elements()))


WAITS = {
    "shown_pages.py": "the pace of a hand",
    "ui/window/test_tab_builder.py": "the pace of a hand, faster than the pauses between two pages",
    "engine/test_training_controller.py": "that a thread stands still is seen by looking at it for a while",
}
"""Files whose tests let a fixed time pass in the event loop, and why the time itself is their subject."""


def waits(tree):
    """Calls that let the event loop run for a fixed time, after which nothing is certain."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func) in {"qtbot.wait", "QTest.qWait", "qWait"}]


def test_fixed_waits_have_a_reason():
    """On a slow machine, nothing has happened yet; `wait_until_idle` knows when all has."""
    suites = [(path, tree) for path, tree in parsed() if not path.startswith(("benchmarks/", "campaigns/"))]
    assert {path for path, tree in suites if waits(tree)} == {*WAITS}


def shared_generators(tree):
    """Generators of a module that its functions draw from: what they get depends on the order of tests."""
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    made = {
        ast.unparse(to)
        for node in assigned
        for to in node.targets
        if re.search(r"default_rng\([^)]*\)$", ast.unparse(node))
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return made & {
        node.id for function in functions for node in ast.walk(function) if isinstance(node, ast.Name)
    }


def test_shared_generator_is_found():
    made = "A = np.random.default_rng(1)\nB = A.random(3)\nC = np.random.default_rng(2)\n"
    assert shared_generators(ast.parse(f"{made}def f(): return B + C.random()")) == {"C"}


def test_functions_share_no_generator():
    assert [path for path, tree in parsed() if shared_generators(tree)] == []


NO_SUBJECT = {
    "it", "its", "so", "they", "them", "their", "that", "those", "these", "this", "one", "others", "nothing",
    "none", "neither", "nor", "there", "also",
}  # fmt: skip
"""Words that say nothing in a list of tests that failed; the subject is the first to be named."""


def names_of_tests(tree):
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def without_subject(names):
    """Names that begin with a word that stands for something else."""
    words = ((name, name.removeprefix("test_").split("_")) for name in names)
    return [name for name, word in words if word[0] in NO_SUBJECT and word[:2] != ["one", "hot"]]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def test_it_opens(): pass", ["test_it_opens"]),
        ("class TestRun:\n    def test_so_does_another(self): pass", ["test_so_does_another"]),
        ("def test_italic_text_is_read(): pass", []),
        ("def test_one_hot_labels_are_read(): pass", []),
        ("def test_one_label_is_read(): pass", ["test_one_label_is_read"]),
        ("def it_is_no_test(): pass", []),
    ],
)
def test_name_without_a_subject_is_found(code, found):
    assert without_subject(names_of_tests(ast.parse(code))) == found


def test_names_of_tests_have_a_subject_and_differ():
    """A line of a log says what has failed, and `-k` chooses one test."""
    names = [name for _, tree in parsed("test_*.py") for name in names_of_tests(tree)]
    assert len(names) > 1000
    assert without_subject(names) == []
    assert [name for name, n in Counter(names).items() if n > 1] == []


def test_any_two_values_meet_in_fewer_rows_than_the_grid_has():
    choices = ["abc", "de", "fghi"]
    rows = pairs(*choices)
    for i, j in [(0, 1), (0, 2), (1, 2)]:
        assert {(row[i], row[j]) for row in rows} == {*product(choices[i], choices[j])}
    assert len(rows) == 12


def test_paths_in_contributing_exist():
    text = (TESTS.parent / "CONTRIBUTING.md").read_text("utf-8")
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    words = {word.partition("::")[0] for span in spans for word in span.split()}
    paths = {word for word in words if "/" in word or word.endswith(".py")}
    assert len(paths) > 50
    folders = TESTS.parent, TESTS.parent / "cadl_gui"
    assert [path for path in paths if not any((folder / path).exists() for folder in folders)] == []


def test_examples_in_contributing_exist():
    text = (TESTS.parent / "CONTRIBUTING.md").read_text("utf-8")
    examples = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(examples) >= 6
    for path, name in examples:
        tree = ast.parse((TESTS.parent / path).read_text("utf-8"))
        assigned = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
        names = {getattr(node, "name", getattr(node, "id", "")) for node in (*tree.body, *assigned)}
        assert name in names, path
