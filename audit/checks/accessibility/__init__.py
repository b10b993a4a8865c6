"""Checks of table A, the accessibility duties that belong to BP08."""
