"""Exports trained networks to files that other programs load without this one."""
