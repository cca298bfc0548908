"""A desktop for each test, and evidence of what it showed if the test fails."""

from collections.abc import Iterator

import pytest

from acceptance.stage import Options, Stage
from acceptance.window import Window

_STAGE = pytest.StashKey[Stage]()


@pytest.fixture
def options(request: pytest.FixtureRequest) -> Options:
    """The options of the command line."""
    return Options.of(request.config)


@pytest.fixture
def stage(request: pytest.FixtureRequest, options: Options, tmp_path) -> Iterator[Stage]:
    """A desktop and a user who has never started the program."""
    stage = Stage(tmp_path, options)
    request.node.stash[_STAGE] = stage
    yield stage
    complaints = stage.complaints
    stage.close()
    assert not complaints, f"The program’s log tells of errors:\n{complaints}"


@pytest.fixture
def window(stage: Stage) -> Window:
    """The window after its first start, ready."""
    return stage.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Save a screenshot and the widgets if a test failed, and say where."""
    report = yield
    stage = item.stash.get(_STAGE, None)
    if report.failed and call.when != "teardown" and stage is not None:
        stage.keep_evidence()
        report.sections.append(("Screenshot, accessible tree and logs", str(stage.folder)))
    return report
