"""Checks of BP06: you speak for yourself."""
