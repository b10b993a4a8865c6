"""Small programs of the build; nothing here ships."""
