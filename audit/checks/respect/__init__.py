"""Checks of BP04: be respectful."""
