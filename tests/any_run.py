"""A view state for tests without a registry, and what any view state renders."""

from PySide6.QtCore import QObject

from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.view_state import ViewState


class ViewOfAnyRun(ViewState):
    """Lists each run that it is told to show."""

    def __init__(self, *runs):
        self.listed = RunList()
        super().__init__(self.listed)
        for run in runs:
            self.listed.add(run)

    def show_run(self, run):
        """Show a run; None shows none, as if all had been removed."""
        if run is None:
            for each in tuple(self.listed):
                self.listed.remove(each)
            self.refresh()
            return
        if run not in self.listed.listed:
            self.listed.add(run)
        super().show_run(run)


def rendered(view, select=None):
    """Return a list of what is shown, or selected, each time that it is rendered from now on."""
    select, owner, seen = select or (lambda: view.shown), QObject(view), []
    view.bind(owner, select, lambda: seen.append(select()))
    seen.clear()
    return seen
