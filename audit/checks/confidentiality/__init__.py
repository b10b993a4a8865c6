"""Checks of BP02: respect confidentiality."""
