"""Of competing requests one is in flight and one waits: the newest."""

from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.core.requests import FetchSnapshot, Reply
from cadl_gui.engine.latest_wins import LatestWins


def request(channel, name):
    return FetchSnapshot(channel, name, None)


def reply_to(sent, i):
    number, asked = sent[i]
    return Reply(number, asked, None, None)


def test_while_one_is_in_flight_only_the_newest_waits():
    sent = []
    latest = LatestWins(lambda number, asked: sent.append((number, asked)))
    for name in "abc":
        latest.ask(request("hand", name))
    assert [asked.run_id for _, asked in sent] == ["a"]
    latest.answered(reply_to(sent, 0))
    assert [asked.run_id for _, asked in sent] == ["a", "c"]


def test_channels_do_not_compete():
    sent = []
    latest = LatestWins(lambda number, asked: sent.append((number, asked)))
    latest.ask(request("hand", "a"))
    latest.ask(request("thumbnails", "b"))
    assert [asked.run_id for _, asked in sent] == ["a", "b"]


@given(st.lists(st.booleans(), max_size=60))
def test_the_last_request_is_always_answered_in_the_end(asks):
    """However asking (True) and answering (False) interleave, nothing newer is ever overtaken."""
    sent, answered = [], 0
    latest = LatestWins(lambda number, asked: sent.append((number, asked)))
    asked_last = None
    for is_ask in asks:
        if is_ask:
            asked_last = latest.ask(request("hand", "a"))
        elif answered < len(sent):
            latest.answered(reply_to(sent, answered))
            answered += 1
        assert len(sent) - answered <= 1
    while answered < len(sent):
        latest.answered(reply_to(sent, answered))
        answered += 1
    assert asked_last is None or sent[-1][0] == asked_last
    assert [number for number, _ in sent] == sorted(number for number, _ in sent)
