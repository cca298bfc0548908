"""The window around the tabs: its files, runs, dialogs, notices and help."""
