"""Runs work that yields between its parts: an export, a preparation, an answer that takes long."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar

_Stage = TypeVar("_Stage")
_Result = TypeVar("_Result")


def result_of(
    stages: Generator[_Stage, None, _Result], on_stage: Callable[[_Stage], object] = lambda _: None
) -> _Result:
    """Run all stages, report each, and return the result; an error, also of `on_stage`, closes the work."""
    with closing(stages):
        while True:
            try:
                stage = next(stages)
            except StopIteration as end:
                result: _Result = end.value
                return result
            on_stage(stage)
