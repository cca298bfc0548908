"""A fake training that reads files and starts trainings only once the test lets it."""

from contextlib import contextmanager
from threading import Event

from fakes import FakeTraining


class HeldTraining(FakeTraining):
    """Reads and starts at once, but not within `holding(….may_read)` or `holding(….may_start)`."""

    def __init__(self):
        super().__init__()
        self.may_read, self.may_start = Event(), Event()
        self.may_read.set()
        self.may_start.set()

    def open(self, request):
        assert self.may_read.wait(60)
        return super().open(request)

    def train(self, request):
        assert self.may_start.wait(60)
        yield from super().train(request)


@contextmanager
def holding(event):
    """A context in which nobody who waits for the event goes on."""
    event.clear()
    try:
        yield
    finally:
        event.set()
