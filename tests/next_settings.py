"""Reads and changes the settings of the next run, as every part of the window does."""

from cadl_gui.domain.next_run import NextRun


def set_next(engine, config=None, **texts):
    """Fill in a configuration, or only some texts."""
    filled = engine.view.value.next if config is None else NextRun.of(config)
    engine.view.change(next=filled.replace(**texts))


def next_config(engine):
    """The configuration of the next run; None if it cannot be trained."""
    return engine.check_next().trainable
