"""Pickles of plain values and arrays are read; those that would do anything are not."""

import os
import pickle
import pickletools
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.datasets.plain_pickle import NotPlainPickleError, read_plain_pickle

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


@pytest.mark.parametrize("protocol", [1, 2, 3, 4])
@given(value=PLAIN)
def test_plain_values_are_what_python_reads(protocol, value):
    data = pickle.dumps(value, protocol)
    try:
        found = read_plain_pickle(data)
    except NotPlainPickleError as error:
        found = str(error)
    # Empty bytes and long numbers are written by calls, or by operations that CIFAR-10 does not need.
    assert found == pickle.loads(data) or "plain values do not need" in found


@pytest.mark.parametrize("protocol", [2, 3, 4])
def test_arrays_of_bytes_are_what_python_reads(protocol):
    value = {"data": np.arange(24, dtype=np.uint8).reshape(4, 6), "labels": [1, 2]}
    found = read_plain_pickle(pickle.dumps(value, protocol))
    np.testing.assert_array_equal(found["data"], value["data"])
    assert found["labels"] == [1, 2]


class Harmful:
    def __init__(self, *call):
        self._call = call

    def __reduce__(self):
        return self._call


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "call",
    [(os.system, ("touch touched",)), (eval, ("open('touched', 'w')",)), (np.zeros, ((10**9, 10**9),))],
)
def test_what_would_be_called_is_named_and_not_called(tmp_path, monkeypatch, protocol, call):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotPlainPickleError, match=r"system|eval|zeros|STACK_GLOBAL"):
        read_plain_pickle(pickle.dumps({"data": Harmful(*call)}, protocol))
    assert list(tmp_path.iterdir()) == []


def test_objects_and_arrays_of_others_are_refused():
    for value in (
        Exception("x"),
        np.arange(3.0),
        np.array([None]),
        np.asfortranarray(np.zeros((2, 3), np.uint8)),
    ):
        with pytest.raises(NotPlainPickleError):
            read_plain_pickle(pickle.dumps({"data": value}, 2))


def test_a_text_is_not_encoded_again_and_again():
    """Ten kilobytes that would become ten gigabytes."""
    text = "x" * 10_000
    again = b"h\x00h\x01h\x02\x86R0" * 1000
    program = (
        b"\x80\x02c_codecs\nencode\nq\x00X" + len(text).to_bytes(4, "little") + text.encode() + b"q\x01"
        b"X\x06\x00\x00\x00latin1q\x02" + again + b"."
    )
    assert pickletools.genops(program) is not None
    with pytest.raises(NotPlainPickleError):
        read_plain_pickle(program)


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 255))
def test_damage_is_an_error_of_its_own_whatever_it_is(noise, place, value):
    whole = bytearray(pickle.dumps({"data": np.arange(6, dtype=np.uint8), "labels": [1]}, 2))
    whole[place % len(whole)] = value
    for data in (bytes(whole), bytes(whole[:place]), noise):
        with suppress(NotPlainPickleError):
            read_plain_pickle(data)


MEMO = b"q\x00"
ARRAY = (
    b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01%bcnumpy\ndtype\n"
    b"(U\x02u1K\x00K\x01tR(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x03abctb."
)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            b"\x80\x02}K\x01\x85" + MEMO + (b"h\x00\x86" + MEMO) * 100 + b"K\x01s.",
            "neither texts nor numbers",
        ),
        (b"\x80\x02})" + b"\x85" * 50_000 + b"K\x01s.", "neither texts nor numbers"),
        (b"\x80\x02]" + b"K\x01a" * 60_000 + b".", "too long"),
        (ARRAY % b"(U\x01aJ\x00\x00\x00\x7ft", "not as large as it says"),
        (ARRAY % (b"(" + b"J\xff\xff\xff\x7f" * 50_000 + b"t"), "not as large as it says"),
    ],
    ids=[
        "tuples of tuples as a key",
        "nested tuples as a key",
        "operations",
        "a text as shape",
        "a long shape",
    ],
)
def test_what_would_take_hours_or_all_memory_is_refused(program, message):
    with pytest.raises(NotPlainPickleError, match=message):
        read_plain_pickle(program)


@pytest.mark.parametrize("depth", [100, 5000])
def test_dictionaries_that_hold_another_twice_are_read_once(depth):
    """Followed to their ends, they would be 2¹⁰⁰ ones."""
    level = b"}(K\x00h\x00K\x01h\x00u" + MEMO
    assert set(read_plain_pickle(b"\x80\x02}" + MEMO + level * depth + b".")) == {0, 1}


def test_the_name_of_what_is_asked_for_is_shown_in_part():
    with pytest.raises(NotPlainPickleError, match=r"it asks for “os n{90}") as refused:
        read_plain_pickle(b"cos\n" + b"n" * 10**6 + b"\n.")
    assert len(str(refused.value)) < 200
