"""Parts of the Draw tab that no other tab uses."""
