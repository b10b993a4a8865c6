"""Facts about a text, each computed once, in layers."""
