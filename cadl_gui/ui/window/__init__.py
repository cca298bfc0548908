"""The window around the tabs: files, runs, dialogs, notifications and help."""
