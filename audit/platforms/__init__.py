"""One file for each platform: how it is read, and how its answers become common records."""
