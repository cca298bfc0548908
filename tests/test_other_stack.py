"""Looking at another thread's stack, as random events do in long frames, changes nothing there."""

import threading

from campaigns.other_stack import stack_of

_STACKS = 500


class Held:
    """Notes the thread in which it is destroyed, as a painter must be in that of its widget."""

    def __init__(self, destroyed_in):
        self._destroyed_in = destroyed_in

    def __del__(self):
        self._destroyed_in.add(threading.get_ident())


def test_what_the_functions_of_another_thread_hold_is_destroyed_there():
    destroyed_in, is_over = set(), threading.Event()

    def paint():
        held = Held(destroyed_in)
        return sum(range(50)), held is None

    def paint_often():
        while not is_over.is_set():
            paint()

    painting = threading.Thread(target=paint_often)
    painting.start()
    stacks = [stack_of(painting.ident) for _ in range(_STACKS)]
    is_over.set()
    painting.join()
    assert any("in paint_often" in stack for stack in stacks)
    assert destroyed_in == {painting.ident}


def test_a_thread_that_has_ended_has_no_stack():
    ended = threading.Thread(target=int)
    ended.start()
    ended.join()
    assert stack_of(ended.ident) == ""
