"""Libraries are imported without collecting, and afterwards garbage is collected as before."""

import gc

import pytest

from cadl_gui.core.garbage import uncollected


@pytest.fixture(autouse=True)
def _thawed():
    yield
    gc.unfreeze()


def test_nothing_is_collected_meanwhile_and_what_is_there_then_is_kept_out_of_later_collections():
    with uncollected():
        assert not gc.isenabled()
        kept = [[]]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    assert not any(thing is kept for thing in gc.get_objects())


def test_an_import_that_fails_leaves_collecting_on():
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()
