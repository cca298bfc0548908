"""Frozen graphs: networks known only as graphs of operations, computed if all of these are whitelisted.

They are never imported: TensorFlow's import trusts the file.
"""
