"""System services: home, log, bounded and atomic files, memory, processor, libraries, fatal errors."""
