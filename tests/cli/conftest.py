"""Ctrl+C reaches the processes that a test starts."""

import signal

import pytest


@pytest.fixture
def interruptible():
    """Enables Ctrl+C as in a terminal; processes in the background, and their children, ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
