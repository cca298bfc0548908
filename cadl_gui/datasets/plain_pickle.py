"""Reads pickles that hold nothing but plain values and arrays of bytes, without unpickling them.

A pickle is a program. Python's own reader runs it and can be made to call anything; this one knows the few
operations that build dictionaries, lists, tuples, texts, numbers and NumPy's arrays, and refuses all others.
"""

import math
import pickletools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_OPERATIONS = 100_000
"""A batch of CIFAR-10 has 60,000."""

_MOST_DIMENSIONS, _MOST_SHOWN = 8, 100
"""Dimensions of an array, and characters of a name that a message shows."""

_MARK = object()


class NotPlainPickleError(ValueError):
    """A pickle holds something else, or is damaged."""


def read_plain_pickle(data: bytes) -> Any:
    """Read a pickle.

    Returns:
        Dictionaries, lists, tuples, `str`, `bytes`,
        numbers and (…) uint8 arrays; an array is the value itself,
        or one of the outermost dictionary. A list may hold itself, or another one many times over: do not
        follow what is in it.

    Raises:
        NotPlainPickleError: if there is anything else in it.
    """
    reader = _Reader(len(data))
    try:
        for number, (operation, argument, _) in enumerate(pickletools.genops(data)):
            if number > _MOST_OPERATIONS:
                break
            if operation.name == "STOP":
                return _plain(reader.stack.pop())
            reader.carry_out(operation.name, argument)
    except NotPlainPickleError:
        raise
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise NotPlainPickleError("it is damaged") from error
    raise NotPlainPickleError("it is truncated, or too long")


@dataclass(frozen=True)
class _Global:
    """A function or class that a pickle names; it is never looked up."""

    name: str


@dataclass
class _Array:
    """An array, once `state` is (version, shape, dtype, is Fortran-ordered, data)."""

    state: tuple[Any, ...] = ()

    def array(self) -> NDArray[np.uint8]:
        _, shape, dtype, is_fortran, data = self.state
        if not isinstance(dtype, _Dtype) or dtype.name not in {"u1", "|u1"} or is_fortran:
            raise NotPlainPickleError("it holds an array of other numbers than bytes")
        if not isinstance(data, bytes) or not _is_shape(shape, len(data)) or math.prod(shape) != len(data):
            raise NotPlainPickleError("it holds an array that is not as large as it says")
        return np.frombuffer(data, np.uint8).reshape(shape)


def _is_shape(shape: Any, n_bytes: int) -> bool:
    """Whether a value is the shape of an array of some bytes, so that its sizes can be multiplied."""
    return (
        isinstance(shape, tuple)
        and len(shape) <= _MOST_DIMENSIONS
        and all(type(size) is int and 0 <= size <= n_bytes for size in shape)
    )


@dataclass(frozen=True)
class _Dtype:
    name: str


def _new_array(*_: Any) -> _Array:
    return _Array()


def _array_of(data: Any, dtype: Any, shape: Any, order: Any) -> _Array:
    return _Array((1, shape, dtype, order != "C", data))


def _new_dtype(name: Any, *_: Any) -> _Dtype:
    if not isinstance(name, (str, bytes)):
        raise NotPlainPickleError("it is damaged")
    return _Dtype(name.decode("latin1") if isinstance(name, bytes) else name)


def _no_bytes(*arguments: Any) -> bytes:
    if arguments:
        raise NotPlainPickleError("it is damaged")
    return b""


_CALLS: dict[str, Callable[..., Any]] = {
    "numpy.core.multiarray _reconstruct": _new_array,
    "numpy._core.multiarray _reconstruct": _new_array,
    "numpy.core.numeric _frombuffer": _array_of,
    "numpy._core.numeric _frombuffer": _array_of,
    "numpy dtype": _new_dtype,
    "__builtin__ bytes": _no_bytes,
    "builtins bytes": _no_bytes,
}
"""What stands in for the functions that a pickle of arrays calls; Python 3 calls the last ones for `b""`."""

_ENCODE = "_codecs encode"
"""How Python 3 writes bytes in the protocols of Python 2."""

_NAMED = {*_CALLS, _ENCODE, "numpy ndarray"}

_VALUES = {
    "NONE", "NEWTRUE", "NEWFALSE", "INT", "LONG", "LONG1", "BININT", "BININT1", "BININT2", "FLOAT",
    "BINFLOAT", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINBYTES", "SHORT_BINBYTES",
}  # fmt: skip
"""Operations whose argument is the value."""

_TEXTS = {"STRING", "BINSTRING", "SHORT_BINSTRING"}
"""Operations with strings of Python 2, which may be bytes or text."""

_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Reader:
    """The stack and the memory of a pickle's program."""

    def __init__(self, n_bytes: int) -> None:
        self.stack: list[Any] = []
        self._memory: dict[int, Any] = {}
        # A text that is there once could otherwise be encoded again and again, until memory is full.
        self._n_to_encode = n_bytes

    def carry_out(self, name: str, argument: Any) -> None:
        """Carry out one operation; see `pickletools.opcodes`."""
        stack = self.stack
        if name in _VALUES:
            stack.append(_CONSTANTS.get(name, argument))
        elif name == "BYTEARRAY8":
            stack.append(bytes(argument))
        elif name in _TEXTS:
            stack.append(argument.encode("latin1") if isinstance(argument, str) else argument)
        elif name in _TUPLES:
            stack.append(tuple(self._popped(_TUPLES[name])))
        elif name in _OPERATIONS:
            _OPERATIONS[name](self, argument)
        else:
            raise NotPlainPickleError(f"it asks for “{name}”, which plain values do not need")

    def _popped(self, n: int) -> list[Any]:
        if n > len(self.stack):
            raise NotPlainPickleError("it is damaged")
        values = self.stack[len(self.stack) - n :]
        del self.stack[len(self.stack) - n :]
        return values

    def _since_mark(self) -> list[Any]:
        for number in range(len(self.stack) - 1, -1, -1):
            if self.stack[number] is _MARK:
                values = self._popped(len(self.stack) - number)
                return values[1:]
        raise NotPlainPickleError("it is damaged")

    def _put(self, argument: Any) -> None:
        self._memory[len(self._memory) if argument is None else argument] = self.stack[-1]

    def _get(self, argument: Any) -> None:
        self.stack.append(self._memory[argument])

    def _global(self, argument: Any) -> None:
        if argument is None:
            argument = " ".join(self._popped(2))
        if argument not in _NAMED:
            shown = f"{argument:.{_MOST_SHOWN}}"
            raise NotPlainPickleError(f"it asks for “{shown}”, which plain values do not need")
        self.stack.append(_Global(argument))

    def _reduce(self, _: Any) -> None:
        function, arguments = self._popped(2)
        if not isinstance(function, _Global) or function.name not in {*_CALLS, _ENCODE}:
            raise NotPlainPickleError("it is damaged")
        call = self._encoded if function.name == _ENCODE else _CALLS[function.name]
        self.stack.append(call(*arguments))

    def _encoded(self, text: Any, encoding: Any = "latin1") -> bytes:
        self._n_to_encode -= len(text)
        if not isinstance(text, str) or encoding != "latin1" or self._n_to_encode < 0:
            raise NotPlainPickleError("it is damaged")
        return text.encode("latin1")

    def _build(self, _: Any) -> None:
        state = self.stack.pop()
        if isinstance(self.stack[-1], _Array):
            self.stack[-1].state = state
        elif not isinstance(self.stack[-1], _Dtype):
            raise NotPlainPickleError("it is damaged")

    def _append(self, values: list[Any]) -> None:
        if not isinstance(self.stack[-1], list):
            raise NotPlainPickleError("it is damaged")
        self.stack[-1].extend(values)

    def _set(self, values: list[Any]) -> None:
        if not isinstance(self.stack[-1], dict):
            raise NotPlainPickleError("it is damaged")
        self.stack[-1].update(_pairs(values))


_OPERATIONS: dict[str, Callable[[_Reader, Any], None]] = {
    "PROTO": lambda _reader, _: None,
    "FRAME": lambda _reader, _: None,
    "MARK": lambda reader, _: reader.stack.append(_MARK),
    "EMPTY_DICT": lambda reader, _: reader.stack.append({}),
    "EMPTY_LIST": lambda reader, _: reader.stack.append([]),
    "DICT": lambda reader, _: reader.stack.append(dict(_pairs(reader._since_mark()))),
    "LIST": lambda reader, _: reader.stack.append(reader._since_mark()),
    "TUPLE": lambda reader, _: reader.stack.append(tuple(reader._since_mark())),
    "APPEND": lambda reader, _: reader._append(reader._popped(1)),
    "APPENDS": lambda reader, _: reader._append(reader._since_mark()),
    "SETITEM": lambda reader, _: reader._set(reader._popped(2)),
    "SETITEMS": lambda reader, _: reader._set(reader._since_mark()),
    "PUT": lambda reader, argument: reader._put(argument),
    "BINPUT": lambda reader, argument: reader._put(argument),
    "LONG_BINPUT": lambda reader, argument: reader._put(argument),
    "MEMOIZE": lambda reader, _: reader._put(None),
    "GET": lambda reader, argument: reader._get(argument),
    "BINGET": lambda reader, argument: reader._get(argument),
    "LONG_BINGET": lambda reader, argument: reader._get(argument),
    "GLOBAL": lambda reader, argument: reader._global(argument),
    "STACK_GLOBAL": lambda reader, _: reader._global(None),
    "REDUCE": lambda reader, _: reader._reduce(None),
    "BUILD": lambda reader, _: reader._build(None),
}


def _pairs(values: list[Any]) -> Iterable[tuple[Any, Any]]:
    keys = values[::2]
    # The hash of a tuple takes as long as all that is in it, and it may hold another one many times over.
    if not all(isinstance(key, (str, bytes, int)) for key in keys):
        raise NotPlainPickleError("it has keys that are neither texts nor numbers")
    return zip(keys, values[1::2], strict=True)


def _plain(value: Any, *, is_outermost: bool = True) -> Any:
    """Replace the stand-ins for arrays in a value that was read."""
    if isinstance(value, _Array):
        return value.array()
    if isinstance(value, dict) and is_outermost:
        return {key: _plain(each, is_outermost=False) for key, each in value.items()}
    if isinstance(value, (_Global, _Dtype)):
        raise NotPlainPickleError("it is damaged")
    return value
