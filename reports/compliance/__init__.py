"""Builds what people read from one night's plain values: pure, and nothing secret comes out."""
