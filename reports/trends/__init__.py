"""Figures over many nights: pure functions from data frames to data frames.

Each function names the shape of what it takes and gives. What could not be assessed is a
figure of its own everywhere: it is in no denominator, and a night of which nothing is known
has no value instead of a zero.
"""
