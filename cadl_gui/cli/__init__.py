"""The command line: the same machinery as the window, without it."""
