"""Small mistakes that a person could make in a Python file, one at a time (mutants)."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from itertools import accumulate
from pathlib import Path

_OPERATORS = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"), ast.And: ("and", "or"), ast.Or: ("or", "and"),
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "//"), ast.Pow: ("**", "*"),
}  # fmt: skip
"""Operators, and those that could have been written instead."""

_TWINS = ("min max", "any all", "floor ceil", "argmin argmax", "first last", "rows columns", "width height")
_NAMES = {one: other for pair in _TWINS for one, other in (pair.split(), pair.split()[::-1])}

Change = tuple[int, int, str]
"""Start and end of the bytes to replace, and the replacement."""
Kind = Callable[[ast.AST, "Source"], Iterator[Change]]
"""A kind of mistakes: the changes that make one of a node."""

_TYPES = {"annotation", "returns", "decorator_list", "bases", "pattern"}
_UNTOUCHED = (ast.JoinedStr, ast.Assert, ast.Import, ast.ImportFrom)
"""Fields and nodes that are skipped; before Python 3.12, positions inside f-strings are unknown."""


@dataclass(frozen=True)
class Mutant:
    """A file with one mistake.

    Attributes:
        path: path of the file, relative to the project.
        kind: kind of the mistake.
        line: line where the mistake begins.
        before: text of the file.
        after: text with the mistake.
    """

    path: Path
    kind: str
    line: int
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change, without context lines."""
        _, _, *changes = unified_diff(self.before.splitlines(), self.after.splitlines(), n=0, lineterm="")
        return "\n".join(line for line in changes if not line.startswith("@@"))


def mutants_of(path: Path, text: str, kinds: Mapping[str, Kind]) -> Iterator[Mutant]:
    """All mutants of a file of some kinds, including those that are not valid Python.

    What two kinds have in common is yielded once.
    """
    source, seen = Source(text), {text.encode()}
    nodes = list(_nodes(ast.parse(text)))
    for kind, mistakes in kinds.items():
        for node in nodes:
            for start, end, instead in mistakes(node, source):
                after = source.data[:start] + instead.encode() + source.data[end:]
                if after not in seen:
                    seen.add(after)
                    line = source.data[:start].count(b"\n") + 1
                    yield Mutant(path, kind, line, text, after.decode())


class Source:
    """A text with the positions of a syntax tree, which counts bytes."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self._starts = list(accumulate(map(len, self.data.splitlines(keepends=True)), initial=0))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Start and end of a node."""
        begins, ends = self._starts[node.lineno - 1], self._starts[node.end_lineno - 1]
        return begins + node.col_offset, ends + node.end_col_offset

    def text(self, node: ast.AST) -> str:
        """Source text of a node."""
        start, end = self.span(node)
        return self.data[start:end].decode()


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes that may be mutated."""
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            is_touched = isinstance(child, ast.AST) and not isinstance(child, _UNTOUCHED)
            if is_touched and name not in _TYPES and not _is_only_checked(child):
                yield child
                if not isinstance(child, ast.Raise):  # what is said there is for people
                    yield from _nodes(child)


def _is_only_checked(node: ast.AST) -> bool:
    """Whether a node has no effect at run time: imports for mypy, `strict=True` for equal lengths."""
    is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    return is_for_types or (isinstance(node, ast.keyword) and node.arg == "strict")


def _is_fixed(node: ast.AST) -> bool:
    """Whether a node is a string, or `*arguments`."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text or isinstance(node, ast.JoinedStr | ast.Starred)


def _of_expressions(node: ast.AST, source: Source) -> Iterator[Change]:
    match node:
        case (
            ast.Compare(left=left, ops=[operator], comparators=[right])
            | ast.BoolOp(op=operator, values=[left, right, *_])
            | ast.BinOp(left=left, op=operator, right=right)
        ) if type(operator) in _OPERATORS and not _is_fixed(left) and not _is_fixed(right):
            written, instead = _OPERATORS[type(operator)]
            (_, start), (end, _) = source.span(left), source.span(right)
            pattern = re.escape(written).replace(r"\ ", r"\s+")
            yield start, end, re.sub(pattern, instead, source.data[start:end].decode(), count=1)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield *source.span(node), source.text(operand)
        case ast.Constant(value=bool(value)):
            yield *source.span(node), str(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield *source.span(node), repr(value + 1)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _NAMES:
            _, end = source.span(node)
            yield end - len(name), end, _NAMES[name]


def _of_statements(node: ast.AST, source: Source) -> Iterator[Change]:
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            yield *source.span(test), f"not ({source.text(test)})"
        case ast.comprehension(ifs=[test, *_]):
            yield *source.span(test), "True"
        case ast.Expr(value=ast.Call(func=called)) if not ast.unparse(called).startswith("_log."):
            yield *source.span(node), "pass"
        case ast.AugAssign() | ast.Raise():
            yield *source.span(node), "pass"
        case ast.Return(value=ast.expr()):
            yield *source.span(node), "return None"
        case ast.Break() | ast.Continue():
            yield *source.span(node), "continue" if isinstance(node, ast.Break) else "break"


def _of_arguments(node: ast.AST, source: Source) -> Iterator[Change]:
    """Swap the first two arguments; omit each keyword. Texts for users are left alone."""
    match node:
        case ast.Call(args=[first, second, *_]) if not _is_fixed(first) and not _is_fixed(second):
            (start, middle), (later, end) = source.span(first), source.span(second)
            between = source.data[middle:later].decode()
            yield start, end, source.text(second) + between + source.text(first)
        case ast.keyword(arg=str(), value=value) if not _is_fixed(value):
            start, end = source.span(node)
            comma = re.match(rb"\s*,\s*", source.data[end:])
            yield start, end + (comma.end() if comma else 0), ""


def operator(node: ast.AST, source: Source) -> Iterator[Change]:
    """An operator, a number, a condition, an argument or a whole statement is another."""
    for mistakes in (_of_expressions, _of_statements, _of_arguments):
        yield from mistakes(node, source)
