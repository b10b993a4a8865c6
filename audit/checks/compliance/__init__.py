"""Checks of BP10: adhere to compliance requirements and policies."""
