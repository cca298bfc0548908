"""Runs a generator that yields its progress, as exports, searches and answers in parts do."""


def run_through(generator):
    """Run a generator to its end; returns the list of what it yielded, and what it returned."""
    yielded = []
    while True:
        try:
            yielded.append(next(generator))
        except StopIteration as end:
            return yielded, end.value
