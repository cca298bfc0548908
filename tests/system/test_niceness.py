"""Threads get the priority that they are given, as far as they are still there."""

from threading import Thread

from cadl_gui.system.niceness import set_niceness


def test_a_thread_that_has_ended_meanwhile_is_no_error():
    """TensorFlow's new threads are listed, then set; a job of the window may begin and end in between."""
    job = Thread(target=int)
    job.start()
    job.join()
    set_niceness(5, job.native_id)
