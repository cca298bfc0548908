"""Follows a run that another process trains, by the same events as a training emits."""

from collections.abc import Iterator

from cadl_gui.domain.events import Event, TrainingEnded
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.runs.follower import Follower
from cadl_gui.runs.lock import writer_of
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.saved.opened import open_run


def follow(request: OpenFile) -> Iterator[tuple[Event, ...]]:
    """Yield what is added to a run folder while another process writes to it.

    Yields:
        First, and again whenever another process has resumed the interrupted run, the whole run as
        `RunOpened`; then, at each iteration, the events since the last one, possibly none; once the writer
        has ended, `TrainingEnded`.

    Raises:
        CheckpointError: if the folder is damaged or missing.
        OSError: if it cannot be read.
    """
    while True:
        run = read_run(request.path)
        yield (open_run(run, newest=True).as_event(request),)
        follower = Follower(request.run_id, run)
        while True:
            is_written = bool(writer_of(request.path))  # checked first, so that nothing follows the last news
            news = follower.news()
            if news is None:
                break
            if not is_written:
                yield (*news, _end(request, read_run(request.path)))
                return
            yield news


def _end(request: OpenFile, run: StoredRun) -> TrainingEnded:
    last = run.recorded[-1]
    return TrainingEnded(request.run_id, last, complete=last.epoch >= run.config.training.epochs)
