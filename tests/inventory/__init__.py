"""What the program offers, as plain facts, so that a change can lose nothing unseen."""
