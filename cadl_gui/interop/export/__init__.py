"""Trained networks as files that other programs load, with nothing of ours."""
