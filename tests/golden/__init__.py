"""What the program gives for the runs that ship, to the last bit where the processor is the same."""
