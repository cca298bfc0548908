"""Writes arrays as images and films, without Qt, for both the window and the command line."""
