"""What can be typed, one file for each subject; ``audit.cli`` puts them together."""
