"""Malicious pickles in place of a batch of CIFAR-10: they execute, or grow beyond all bounds."""

import builtins
import os
import pickle
import struct

from hostile.mutations import Random


class _Calls:
    def __init__(self, *call):
        self._call = call

    def __reduce__(self):
        return self._call


def executes(random: Random, data: bytes) -> bytes:
    """It calls a program, evaluates an expression, or writes a file, in any protocol."""
    calls = (
        (os.system, ("touch executed",)),
        (eval, ("open('executed', 'w')",)),
        (exec, ("import os; os.system('touch executed')",)),
        (builtins.open, ("executed", "w")),
        (builtins.getattr, (os, "system")),
    )
    value = {b"data": _Calls(*calls[random.integers(len(calls) - 1)]), b"labels": [0]}
    by_hand = (
        b"cos\nsystem\n(S'touch executed'\ntR.",
        b"(S'touch executed'\nios\nsystem\n.",
        b'c__builtin__\neval\n(S\'open("executed", "w")\'\ntR.',
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0etouch executed\x85R.",
        b"\x82\x01.",  # a copyreg extension
        b"Pexecuted\n.",
    )
    if random.random() < 0.5:
        return pickle.dumps(value, int(random.integers(6)))
    return by_hand[random.integers(len(by_hand))]


def huge_length(random: Random, data: bytes) -> bytes:
    """A number or a text that claims to be as long as no file is, or is millions of digits long."""
    n = int(random.choice([2**31 - 1, 2**31, 2**32 - 1, 2**62, 2**63 - 1]))
    long = b"\xff" * int(random.choice([5000, 20_000_000]))
    ways = (
        b"\x8b" + struct.pack("<I", n % 2**32) + b"\1",
        b"\x8b" + struct.pack("<I", len(long)) + long,
        b"\x8e" + struct.pack("<Q", n) + b"x",
        b"\x8d" + struct.pack("<Q", n) + b"x",
        b"\x96" + struct.pack("<Q", n) + b"x",
        b"\x95" + struct.pack("<Q", n) + b"K\1",
        b"B" + struct.pack("<I", n % 2**32) + b"x",
        b"T" + struct.pack("<i", -1) + b"x",
        b"L" + b"9" * 1_000_000 + b"L\n",
        b"I" + b"9" * 1_000_000 + b"\n",
        b"F" + b"9" * 1_000_000 + b"\n",
    )
    way = ways[random.integers(len(ways))]
    return b"\x80\x04" + (way + b"." if random.random() < 0.3 else b"}" + way + b"K\1s.")


def memo_bomb(random: Random, data: bytes) -> bytes:
    """Each level has the one below twice: dictionaries, lists or tuples, at any place."""
    depth = int(random.choice([40, 300]))
    ways = (
        (b"}", b"}(K\0h\0K\1h\0u"),
        (b"]", b"](h\0h\0e"),
        (b"K\1\x85", b"h\0\x86"),
    )
    leaf, level = ways[random.integers(len(ways))]
    bomb = leaf + b"q\0" + (level + b"q\0") * depth
    around = (
        b"%b.",
        b"}%bK\1s.",
        b"}K\1%bs.",
        b"}(U\4data%bU\6labels](%beu.",
        b"}(U\4dataK\1U\6labels](K\0eU\x09filenames](%beu.",
        b"}U\x0blabel_names](%b%beas.",
        b"cnumpy\ndtype\n%b\x85R.",
    )
    return b"\x80\2" + around[random.integers(len(around))].replace(b"%b", bomb)


def deeply_nested(random: Random, data: bytes) -> bytes:
    """A hundred thousand levels."""
    depth = int(random.choice([1000, 900_000]))
    level = (b"\x85", b"]q\0h\0a", b"(lq\0")[random.integers(3)]
    bomb = {
        b"\x85": b")" + b"\x85" * depth,
        b"]q\0h\0a": b"(" * min(depth, 300_000) + b"l" * min(depth, 300_000),
        b"(lq\0": b"}q\0" + b"}K\1h\0sq\0" * min(depth, 200_000),
    }[level]
    around = (b"%b.", b"}%bK\1s.", b"}K\1%bs.", b"}(U\4dataK\1U\6labels]%bau.", b"}U\x0blabel_names]%bas.")
    return b"\x80\2" + around[random.integers(len(around))].replace(b"%b", bomb)


def many_operations(random: Random, data: bytes) -> bytes:
    """A million operations that do next to nothing, and dictionaries that hold themselves."""
    ways = (
        b"\x80\2" + b"N0" * 900_000 + b".",
        b"\x80\2]" + b"K\1a" * 450_000 + b".",
        b"\x80\2}q\0" + b"K\1h\0s" * 200_000 + b".",
        b"\x80\2}q\0K\1h\0s.",
        b"\x80\2]q\0h\0a.",
        b"\x80\2(" + b"K\1" * 900_000 + b"t.",
        b"\x80\2" + b"(" * 900_000 + b".",
        b"\x80\4" + b"K\1\x94" * 450_000 + b".",
    )
    return ways[random.integers(len(ways))]


def wild_array(random: Random, data: bytes) -> bytes:
    """An array whose shape, dtype or data is not what it should be."""
    text = b"T" + struct.pack("<i", 9) + b"123456789"
    shapes = (
        b"(K\3K\3t", b"(J\xff\xff\xff\xffJ\xff\xff\xff\xfft", b"(K\0K\0t", b"(U\1aJ\0\0\0\x7ft",
        b"(]K\0aJ\0\0\0\x7ft", b"(" + (b"\x8b" + struct.pack("<I",
        2_000_000) + b"\x7f" * 2_000_000) * 8 + b"t",
        b"(" + b"J\xff\xff\xff\x7f" * 100_000 + b"t", b"(G\x7f\xf0\0\0\0\0\0\0t", b"N", b"}",
        b"(" + b"K\1" * 100 + b"K\x09t", b"(cnumpy\nndarray\nK\3t",
    )  # fmt: skip
    dtypes = (b"U\2u1", b"U\2f8", b"U\1O", b"K\1", b"cnumpy\nndarray\n", b"]")
    datas = (text, b"K\1", b"]", b"N", b"T\0\0\0\0")
    shape = shapes[random.integers(len(shapes))]
    dtype = dtypes[0 if random.random() < 0.7 else random.integers(len(dtypes))]
    content = datas[0 if random.random() < 0.7 else random.integers(len(datas))]
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\1btR(K\1" + shape
        + b"cnumpy\ndtype\n(" + dtype + b"K\0K\1tR(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89"
        + content + b"tb"
    )  # fmt: skip
    return b"\x80\2}(U\4data" + array + b"U\6labels](K\0K\1K\2eu."


def wild_values(random: Random, data: bytes) -> bytes:
    """The right keys, with values of any kind: long texts, numbers as names, not-a-numbers as labels."""
    import numpy as np

    n = 4
    odd = (
        None, True, 1e308, float("nan"), 10**4000, "x" * 100_000, b"\xff" * 1000, "\ud800", [], {}, (),
        [[0]] * n,
        [float("nan")] * n, [10**5000] * n, [True] * n, [3.0] * n, ["\0", "\n", "\u202e", "a" * 10**6],
        [b"../../etc/passwd"] * n, {"a": 1},
    )  # fmt: skip
    values = {
        b"data": np.zeros((n, 3072), np.uint8), b"labels": [1] * n, b"filenames": ["a.png"] * n,
        b"label_names": list("abcdefghij"),
    }  # fmt: skip
    key = list(values)[random.integers(len(values))]
    values[key] = odd[random.integers(len(odd))]
    if random.random() < 0.3:
        values[odd[random.integers(8)]] = 1
    return pickle.dumps(values, int(random.integers(2, 5)))


def long_name(random: Random, data: bytes) -> bytes:
    """It asks for a function whose name is megabytes long."""
    name = b"n" * int(random.choice([10_000, 10_000_000]))
    return random.choice([0, 1]) * b"\x80\2" + b"c" + name + b"\nsystem\n."


CHANGES = (
    executes, executes, huge_length, memo_bomb, memo_bomb, deeply_nested, many_operations, wild_array,
    wild_array, wild_values, wild_values, long_name,
)  # fmt: skip
