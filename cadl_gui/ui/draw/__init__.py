"""Everything of the Draw tab that no other tab has."""
