"""Parts of the Data tab."""
