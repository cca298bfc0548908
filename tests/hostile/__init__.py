"""Files made to harm, opened in a process that is watched: `python tests/benchmarks/hostile_files.py`."""
