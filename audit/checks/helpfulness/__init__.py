"""Checks of BP12: be helpful, an official response may be needed."""
