"""Checks of BP05: be honest about who you are."""
