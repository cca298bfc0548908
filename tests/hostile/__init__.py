"""Malicious files, opened in a monitored process: `python tests/benchmarks/hostile_files.py`."""
