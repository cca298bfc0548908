"""A run that another process trains, as the events of a training."""

from collections.abc import Iterator

from cadl_gui.domain.events import Event, TrainingEnded
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.runs.follower import Follower
from cadl_gui.runs.lock import writer_of
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.training.opened import opened_run


def follow(request: OpenFile) -> Iterator[tuple[Event, ...]]:
    """Tell what a run folder gains for as long as someone else writes to it.

    Args:
        request: names the run and its folder.

    Yields:
        Whenever it is asked: first, and again where an interrupted run was taken up by another process, the
        whole run as `RunOpened`; then what has come; with the writer's end, `TrainingEnded`.

    Raises:
        CheckpointError: if the folder is damaged or gone.
        OSError: if it cannot be read.
    """
    while True:
        run = read_run(request.path)
        yield (opened_run(request, run),)
        follower = Follower(request.run_id, run)
        while True:
            is_written = bool(writer_of(request.path))  # asked first: then nothing comes after the last news
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
