"""How answers become common records: one file for each platform, pure, and what they share."""
