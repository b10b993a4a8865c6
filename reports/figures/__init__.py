"""The figures of the trends page: chart, words and table of each, from the same frame."""
