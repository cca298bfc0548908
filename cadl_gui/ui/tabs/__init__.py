"""One module per tab; tabs do not know each other."""
