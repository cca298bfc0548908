"""Workers: the processes that train one network together, and how they find and follow each other."""

from cadl_gui.training.team.team import ALONE, Alone, Call, Leader, Team

__all__ = ["ALONE", "Alone", "Call", "Leader", "Team"]
