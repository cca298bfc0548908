"""What files of others could do to the process that reads them."""

import os
import signal


def well(n):
    yield from range(n)


def raises():
    yield 1
    raise ValueError("It is damaged.")


def crashes():
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def hangs():
    """Outside of Python, with its lock held."""
    yield 1
    key = (1,)
    for _ in range(100):
        key = (key, key)
    yield hash(key)


def grows():
    yield 1
    yield len(bytearray(2**31))


def number():
    yield os.getpid()
