"""Gathers what official social media accounts publish and judges it against guidelines."""
