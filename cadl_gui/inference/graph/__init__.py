"""Frozen graphs: networks known only as graphs of operations, computed if all of these are whitelisted."""
