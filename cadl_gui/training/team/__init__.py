"""Workers: the processes that train one network together, and how they find and follow each other."""
