"""Checks of BP01: think it through and form a strategy."""
