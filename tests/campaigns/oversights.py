"""What a developer in a hurry forgets or confuses: kinds of mistakes for `mutants`.

Each function gets a node of a syntax tree and its source, and yields changes: start, end and replacement.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutants import Change, Kind, Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LEAVES = (ast.Return, ast.Continue, ast.Break, ast.Raise)
"""What the body of a guard ends with."""

_EMPTYING = {"clear", "reset", "discard", "remove", "pop", "cancel"}
_INVALIDATING = re.compile(r"(^|_)(invalidate|forget|evict|refresh|unregister|expire|drop)(_|$)")
_KEY = re.compile(r"(^|_)(key|keys)$")
_STORE = re.compile(r"(^|_)(cache|cached|known|by|answers|asked|waiting|stores|functions)(_|$|s$)")
_NUMBERS = re.compile(r"^[ijkn]$|(^|_)(index|row|column|place|step|unit|number|class|label)$")
_RECENT = re.compile(
    r"(^|_)(id|version|position|ref|request|number|token|key|letter|epoch|client|ticket|source|shown|current"
    r"|latest|weights|bends|run|stamp|modified|size|seed|config)$"
)
"""Names of what tells an answer from an outdated one."""
_STILL_APPLIES = re.compile(r"^_?(is_(current|open|about|live|valid|at|active)|isValid|matches|holds|suits)$")

_AXES = {
    one: other
    for pair in (
        "x y", "row column", "rows columns", "height width", "i j", "epoch step", "first last", "left right",
        "top bottom", "true predicted", "low high", "lower upper", "start stop", "start end", "before after",
        "labels predictions", "training validation", "train test", "mean std", "images labels",
    )
    for one, other in (pair.split(), pair.split()[::-1])
}  # fmt: skip
"""Names whose order in a tuple is easily confused."""
_NEIGHBOURS = {
    one: other
    for pair in (
        "min max", "first last", "bisect_left bisect_right", "newest oldest",
    )
    for one, other in (pair.split(), pair.split()[::-1])
}  # fmt: skip


def outdated_answer(node: ast.AST, source: Source) -> Iterator[Change]:
    """The check that an answer still applies is left out: `if run_id != self._run_id:` → `if False:`."""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if not _is_plain(left, right):
            named = any(_RECENT.search(_name(side)) for side in (left, right))
            if named and isinstance(operator, ast.Eq | ast.Is | ast.In):
                yield *source.span(node), "True"
            elif named and isinstance(operator, ast.NotEq | ast.IsNot | ast.NotIn):
                yield *source.span(node), "False"
        case ast.Call(func=ast.Name() | ast.Attribute() as called) if _STILL_APPLIES.search(_name(called)):
            yield *source.span(node), "True"
        case ast.Attribute(ctx=ast.Load(), attr=name) if _STILL_APPLIES.search(name):
            if re.match(rb"\s*\(", source.data[source.span(node)[1] :]) is None:  # called: see above
                yield *source.span(node), "True"


def stale_cache(node: ast.AST, source: Source) -> Iterator[Change]:
    """A part of a key is ignored, or what has changed is kept: `cache[run, epoch]` → `cache[run, None]`."""
    match node:
        case ast.If(test=ast.Compare(left=left, ops=[operator], comparators=[right]) as test) if (
            _has_self_attribute(left) != _has_self_attribute(right) and not _is_plain(left, right)
        ):
            if isinstance(operator, ast.NotEq | ast.IsNot | ast.NotIn):
                yield *source.span(test), "False"
        case ast.Expr(value=ast.Call(func=ast.Name() | ast.Attribute() as called)):
            if _INVALIDATING.search(_name(called)):
                yield *source.span(node), "pass"
    for key in _keys(node):
        for part in key.elts if len(key.elts) > 1 else ():
            yield *source.span(part), "None"


def _keys(node: ast.AST) -> Iterator[ast.Tuple]:
    """Tuples that are keys of a mapping, by their use or by a name."""
    match node:
        case ast.Assign(targets=[target], value=ast.Tuple() as key) if _KEY.search(_name(target)):
            yield key
        case ast.FunctionDef(name=name) if _KEY.search(name):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Tuple):
                    yield inner.value
        case ast.Subscript(value=store, slice=ast.Tuple() as key) if _STORE.search(_name(store)):
            yield key
        case (
            ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault"), args=[ast.Tuple() as key, *_])
            | ast.Compare(left=ast.Tuple() as key, ops=[ast.In() | ast.NotIn()])
        ):
            yield key


def forgotten_reset(node: ast.AST, source: Source) -> Iterator[Change]:
    """What a method should set back stays as it was: `self._found = []` → `pass`, but in `__init__`."""
    if not isinstance(node, _FUNCTIONS) or node.name == "__init__":
        return
    for inner in ast.walk(node):
        match inner:
            case ast.Assign(targets=targets, value=value) if _is_empty(value):
                if all(map(_has_self_attribute, targets)):
                    yield *source.span(inner), "pass"
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr=name))):
                if name in _EMPTYING and _has_self_attribute(owner):
                    yield *source.span(inner), "pass"
            case ast.Delete(targets=[ast.Subscript(value=owner)]) if _has_self_attribute(owner):
                yield *source.span(inner), "pass"


def missing_guard(node: ast.AST, source: Source) -> Iterator[Change]:
    """A case is forgotten: `if not a: return` → `pass`, `a and b` → `a`, `max(0, a)` → `a`."""
    match node:
        case ast.If(test=test, body=[*_, last], orelse=[]) if isinstance(last, _LEAVES):
            yield *source.span(test), "False"
            if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
                yield from _without_one(test, source)
        case ast.BoolOp(op=ast.And()):
            yield from _without_one(node, source)
        case ast.Call(func=ast.Name(id="min" | "max"), args=[one, other], keywords=[]):
            for limit, limited in ((one, other), (other, one)):
                if isinstance(limit, ast.Constant) and not isinstance(limited, ast.Starred):
                    yield *source.span(node), f"({source.text(limited)})"


def swapped_index(node: ast.AST, source: Source) -> Iterator[Change]:
    """Two axes are confused: `a[i, j]` → `a[j, i]`, `f(x, y)` → `f(y, x)`, `axis=0` → `axis=1`."""
    match node:
        case ast.Subscript(value=array, slice=ast.Tuple(elts=[one, other, *_])) if not _is_type(array):
            yield from _swapped(one, other, source)
        case ast.Tuple(elts=parts) | ast.Call(args=parts):
            for one, other in pairwise(parts):
                if _AXES.get(_name(one)) == _name(other):
                    yield from _swapped(one, other, source)
        case ast.Subscript(
            value=ast.Attribute(attr="shape"), slice=ast.Constant(value=0 | 1 as axis) as index
        ):
            yield *source.span(index), str(1 - axis)
        case ast.keyword(arg="axis", value=ast.Constant(value=0 | 1 as axis) as index):
            yield *source.span(index), str(1 - axis)
        case ast.Attribute(attr="x" | "y" | "row" | "column" | "epoch" | "step" as name, ctx=ast.Load()):
            _, end = source.span(node)
            if source.data[end : end + 1] not in {b"(", b"."}:  # methods and signals
                yield end - len(name), end, _AXES[name]


def wrong_neighbour(node: ast.AST, source: Source) -> Iterator[Change]:
    """The one beside it, the other end or direction: `a[i]` → `a[i - 1]`, `a[0]` → `a[-1]`, `n + 1` → `n`."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=0) as index, ctx=ast.Load()):
            yield *source.span(index), "-1"
        case ast.Subscript(slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)) as index):
            yield *source.span(index), "0"
        case ast.Subscript(slice=ast.Name() | ast.Attribute() as index) if _NUMBERS.search(_name(index)):
            yield *source.span(index), f"{source.text(index)} - 1"
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
            yield *source.span(node), f"({source.text(left)})"
        case (
            ast.Call(func=ast.Name(id="enumerate"), args=[_, ast.Constant(value=1) as start])
            | ast.keyword(arg="start", value=ast.Constant(value=1) as start)
        ):
            yield *source.span(start), "0"
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()) if name in {
            "min",
            "max",
        } or _occurs(_NEIGHBOURS.get(name), source):
            _, end = source.span(node)
            yield end - len(name), end, _NEIGHBOURS[name]
        case _:
            yield from _other_direction(node, source)


def _other_direction(node: ast.AST, source: Source) -> Iterator[Change]:
    match node:
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp() as step)):
            yield *source.span(step), "1"
        case ast.Call(func=ast.Name(id="reversed"), args=[series]):
            yield *source.span(node), f"iter({source.text(series)})"
        case ast.keyword(arg="reverse", value=ast.Constant(value=True) as reverse):
            yield *source.span(reverse), "False"


def dropped_rest(node: ast.AST, source: Source) -> Iterator[Change]:
    """The last is left out: `range(n)` → `range(n - 1)`, `-(-a // b)` → `a // b`, `b` → `b[:-1]`."""
    match node:
        case (
            ast.Call(func=ast.Name(id="range"), args=[last] | [_, last] | [_, last, _])
            | ast.Call(func=ast.Name(id="islice"), args=[_, last] | [_, _, last])
        ) if not isinstance(last, ast.Starred):
            yield *source.span(last), f"({source.text(last)}) - 1"
        case ast.Slice(upper=ast.expr() as upper) if not _is_none(upper):
            yield *source.span(upper), f"({source.text(upper)}) - 1"
        case ast.Slice(lower=ast.expr() as lower) if not _is_none(lower):
            yield *source.span(lower), f"({source.text(lower)}) + 1"
        case (
            ast.For(iter=ast.Name() | ast.Attribute() as series)
            | ast.comprehension(iter=ast.Name() | ast.Attribute() as series)
        ):
            yield *source.span(series), f"tuple({source.text(series)})[:-1]"
        case ast.FunctionDef(body=body):
            for loop, rest in pairwise(body):  # what is left over when a loop has ended
                if isinstance(loop, ast.For | ast.While) and isinstance(rest, ast.If) and not rest.orelse:
                    yield *source.span(rest.test), "False"
        case _:
            yield from _rounded_down(node, source)


def _rounded_down(node: ast.AST, source: Source) -> Iterator[Change]:
    match node:
        case ast.UnaryOp(
            op=ast.USub(),
            operand=ast.BinOp(
                left=ast.UnaryOp(op=ast.USub(), operand=number), op=ast.FloorDiv(), right=divisor
            ),
        ):
            yield *source.span(node), f"({source.text(number)} // {source.text(divisor)})"
        case ast.BinOp(
            left=ast.BinOp(left=ast.BinOp(left=number, op=ast.Add(), right=same), op=ast.Sub()),
            op=ast.FloorDiv(),
            right=divisor,
        ) if ast.unparse(same) == ast.unparse(divisor):
            yield *source.span(node), f"({source.text(number)} // {source.text(divisor)})"
        case ast.Attribute(attr="ceil") | ast.Name(id="ceil"):
            _, end = source.span(node)
            yield end - len("ceil"), end, "floor"


KINDS: dict[str, Kind] = {
    kind.__name__.replace("_", "-"): kind
    for kind in (
        outdated_answer, stale_cache, forgotten_reset, missing_guard, swapped_index, wrong_neighbour,
        dropped_rest,
    )
}  # fmt: skip
"""By the name that the command line knows. What two kinds have in common belongs to the first of them."""


def _name(node: ast.AST) -> str:
    """Last name of `a.b.c`, `a.b()` and `a.b[0]`; "" for others."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
            return _name(inner)
    return ""


def _occurs(name: str | None, source: Source) -> bool:
    """Whether there is something of this name in the file."""
    return name is not None and re.search(rb"\b%s\b" % name.encode(), source.data) is not None


def _has_self_attribute(node: ast.AST) -> bool:
    """Whether a node is an attribute of `self`, a part of one, or a tuple of such."""
    match node:
        case ast.Attribute(value=ast.Name(id="self")):
            return True
        case ast.Tuple(elts=parts):
            return all(map(_has_self_attribute, parts))
        case ast.Attribute(value=inner) | ast.Subscript(value=inner):
            return _has_self_attribute(inner)
    return False


def _is_empty(node: ast.AST) -> bool:
    """Whether a value is one with which something begins anew."""
    match node:
        case ast.Constant(value=value):
            return not value
        case ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(keys=parts):
            return not parts
        case ast.Tuple(elts=parts):
            return all(map(_is_empty, parts))
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return name in {"set", "list", "dict", "deque", "tuple"} or name.lstrip("_")[:1].isupper()
        case ast.Name(id=name):
            return name.isupper()  # UNTRAINED
    return False


def _is_plain(*nodes: ast.AST) -> bool:
    """Whether a constant, such as None, is among them."""
    return any(isinstance(node, ast.Constant) for node in nodes)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_type(node: ast.AST) -> bool:
    name = _name(node)
    return name in {"dict", "tuple", "list", "type"} or (name[:1].isupper() and not name.isupper())


def _swapped(one: ast.AST, other: ast.AST, source: Source) -> Iterator[Change]:
    (start, middle), (later, end) = source.span(one), source.span(other)
    yield start, end, source.text(other) + source.data[middle:later].decode() + source.text(one)


def _without_one(node: ast.BoolOp, source: Source) -> Iterator[Change]:
    word = " and " if isinstance(node.op, ast.And) else " or "
    for left_out in node.values:
        rest = [f"({source.text(value)})" for value in node.values if value is not left_out]
        yield *source.span(node), rest[0] if len(rest) == 1 else f"({word.join(rest)})"
