"""Small mistakes that a person could make in a Python file, one at a time."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from functools import cached_property
from pathlib import Path

_OPERATORS = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"), ast.And: ("and", "or"), ast.Or: ("or", "and"),
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "//"), ast.Pow: ("**", "*"),
}  # fmt: skip
"""What is written, and what could have been written instead."""

_TWINS = ("min max", "any all", "floor ceil", "argmin argmax", "first last", "rows columns", "width height")
_NAMES = {one: other for pair in _TWINS for one, other in (pair.split(), pair.split()[::-1])}

_UNTOUCHED_FIELDS = {"annotation", "returns", "decorator_list", "bases", "pattern"}
_UNTOUCHED = (ast.JoinedStr, ast.Assert, ast.Import, ast.ImportFrom)
"""Types and texts; before Python 3.12 the places inside an f-string are not told."""

_Change = tuple[str, int, int, str]
"""What was done; where the bytes begin and end that go, and what comes in their place."""


@dataclass(frozen=True)
class Mutant:
    """A file with one mistake.

    Attributes:
        path: of the file, inside the project.
        before: the file's text.
        change: what was done to it.
    """

    path: Path
    before: str
    change: _Change

    @cached_property
    def after(self) -> str:
        """The file's text with the mistake."""
        (_, start, end, instead), data = self.change, self.before.encode()
        return (data[:start] + instead.encode() + data[end:]).decode()

    @property
    def lines(self) -> range:
        """Numbers of the lines that it changes."""
        first, last = (self.before.encode()[:place].count(b"\n") + 1 for place in self.change[1:3])
        return range(first, last + 1)

    @property
    def diff(self) -> str:
        """What it changes, without the lines around it."""
        texts = (text.splitlines() for text in (self.before, self.after))
        _, _, *changes = unified_diff(*texts, n=0, lineterm="")
        return "\n".join(line for line in changes if not line.startswith("@@"))

    @property
    def is_python(self) -> bool:
        """Whether it is another program at all."""
        try:
            compile(self.after, self.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return self.after != self.before


def mutants_of(path: Path, text: str) -> Iterator[Mutant]:
    """Every mutant of a file, also those that are no Python."""
    source = _Source(text)
    for node in _nodes(ast.parse(text)):
        for changes in (_of_expressions, _of_conditions, _of_statements, _of_arguments):
            yield from (Mutant(path, text, change) for change in changes(node, source))


class _Source:
    """A text in which the syntax tree's places are found: they count bytes."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self._starts = [0]
        for line in self.data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where it begins and ends."""
        begins, ends = self._starts[node.lineno - 1], self._starts[node.end_lineno - 1]
        return begins + node.col_offset, ends + node.end_col_offset

    def text(self, start: int, end: int) -> str:
        """What stands there."""
        return self.data[start:end].decode()


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All that may be mutated."""
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            is_touched = isinstance(child, ast.AST) and not isinstance(child, _UNTOUCHED)
            if is_touched and name not in _UNTOUCHED_FIELDS and not _is_only_checked(child):
                yield child
                if not isinstance(child, ast.Raise):  # what is said there is for people
                    yield from _nodes(child)


def _is_only_checked(node: ast.AST) -> bool:
    """Imports for mypy, and `strict=True` where lengths are equal anyway."""
    is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    return is_for_types or (isinstance(node, ast.keyword) and node.arg == "strict")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _of_expressions(node: ast.AST, source: _Source) -> Iterator[_Change]:
    match node:
        case (
            ast.Compare(left=left, ops=[operator], comparators=[right])
            | ast.BoolOp(op=operator, values=[left, right, *_])
            | ast.BinOp(left=left, op=operator, right=right)
        ) if type(operator) in _OPERATORS and not _is_text(left) and not _is_text(right):
            written, instead = _OPERATORS[type(operator)]
            start, end = source.span(left)[1], source.span(right)[0]
            pattern = re.escape(written).replace(r"\ ", r"\s+")
            yield "operator", start, end, re.sub(pattern, instead, source.text(start, end), count=1)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield "removed not or minus", *source.span(node), source.text(*source.span(operand))
        case ast.Constant(value=bool(value)):
            yield "constant", *source.span(node), str(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield "constant off by one", *source.span(node), repr(value + 1)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _NAMES:
            end = source.span(node)[1]
            yield "twin", end - len(name), end, _NAMES[name]


def _of_conditions(node: ast.AST, source: _Source) -> Iterator[_Change]:
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            yield "negated condition", *source.span(test), f"not ({source.text(*source.span(test))})"
        case ast.comprehension(ifs=[test, *_]):
            yield "dropped filter", *source.span(test), "True"


def _of_statements(node: ast.AST, source: _Source) -> Iterator[_Change]:
    match node:
        case ast.Expr(value=ast.Call(func=called)) if not ast.unparse(called).startswith("_log."):
            yield "dropped call", *source.span(node), "pass"
        case ast.AugAssign() | ast.Raise():
            yield "dropped statement", *source.span(node), "pass"
        case ast.Return(value=ast.expr()):
            yield "returned None", *source.span(node), "return None"
        case ast.Break() | ast.Continue():
            yield "break/continue", *source.span(node), "continue" if isinstance(node, ast.Break) else "break"


def _of_arguments(node: ast.AST, source: _Source) -> Iterator[_Change]:
    """The first two swapped; each keyword left to its default. What is said to people stays."""
    if not isinstance(node, ast.Call):
        return
    if len(node.args) > 1 and not any(isinstance(one, ast.Starred) or _is_text(one) for one in node.args[:2]):
        (start, middle), (later, end) = map(source.span, node.args[:2])
        swapped = source.text(later, end) + source.text(middle, later) + source.text(start, middle)
        yield "swapped arguments", start, end, swapped
    for keyword in node.keywords:
        if keyword.arg not in {None, "strict"} and not _is_text(keyword.value):
            start, end = source.span(keyword)
            comma = re.match(rb"\s*,\s*", source.data[end:])
            yield "dropped argument", start, end + (comma.end() if comma else 0), ""
