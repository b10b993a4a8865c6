"""One folder for each clause of the guidelines, one file for each check."""
