"""Outputs for the shipped runs, exact to the last bit on the processor on which they were recorded."""
