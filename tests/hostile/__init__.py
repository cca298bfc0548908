"""Malicious files, opened in a monitored process: `python tests/campaigns/hostile_files.py`."""
