"""Receivers of other threads' signals are slots of a `QObject`; a plain function would run in that thread."""

import ast
from pathlib import Path

import cadl_gui

ROOT = Path(cadl_gui.__file__).parent
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in ROOT.rglob("*.py")}


def connections(tree):
    """(line, sender, receiver) of each `sender.connect(receiver)` and what else connects its arguments.

    That are `jobs.start(job, receiver, receiver)`, `Timer(parent, receiver)` and `push_button(…, receiver)`.
    Not of the lines in these that pass them on.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {"Timer": 1, "push_button": 3}.get(node.func.id, len(node.args))
            for receiver in (
                *node.args[place:][:1],
                *(each.value for each in node.keywords if each.arg == "slot"),
            ):
                yield node.lineno, node.func.id, receiver
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        sender = ast.unparse(node.func.value)
        if node.func.attr == "connect" and ast.unparse(node.args[0]) != "slot":
            yield node.lineno, sender, node.args[0]
        elif node.func.attr == "start" and sender.endswith("jobs"):
            for receiver in (*node.args[1:], *(keyword.value for keyword in node.keywords)):
                yield node.lineno, sender, receiver


def members(tree):
    """Names of plain methods, of slots and of signals."""
    methods, slots, signals = set(), set(), set()
    for made in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for node in made.body:
            if isinstance(node, ast.FunctionDef):
                is_slot = any(ast.unparse(mark).startswith("Slot(") for mark in node.decorator_list)
                (slots if is_slot else methods).add(node.name)
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Signal("):
                signals.update(ast.unparse(target) for target in node.targets)
    return methods, slots, signals


def test_receivers_of_another_thread_are_slots_or_signals():
    heard = set()
    for tree in TREES.values():
        _, slots, signals = members(tree)
        heard |= slots | signals
    crossing = [
        (file, line, getattr(receiver, "attr", ""))
        for file, tree in TREES.items()
        for line, _, receiver in connections(tree)
        if file.startswith("engine/")
    ]
    assert len(crossing) > 30
    assert [(file, line) for file, line, name in crossing if name not in heard] == []


def test_no_slot_overrides_another():
    """PySide 6.11 calls one that does in the thread of the sender."""
    slots_of, bases_of = {}, {}
    for tree in TREES.values():
        for made in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            slots_of[made.name] = {
                node.name
                for node in made.body
                if isinstance(node, ast.FunctionDef)
                and any(ast.unparse(mark).startswith("Slot(") for mark in node.decorator_list)
            }
            bases_of[made.name] = [ast.unparse(base).partition("[")[0] for base in made.bases]

    def inherited(name):
        return set().union(*(slots_of.get(base, set()) | inherited(base) for base in bases_of.get(name, ())))

    assert any(inherited(name) for name in slots_of)
    assert {name: both for name in slots_of if (both := slots_of[name] & inherited(name))} == {}


def test_an_own_method_that_receives_a_signal_is_a_slot():
    plain = [
        (file, line)
        for file, tree in TREES.items()
        for line, _, receiver in connections(tree)
        if ast.unparse(receiver) in {f"self.{name}" for name in members(tree)[0]}
    ]
    assert plain == []
