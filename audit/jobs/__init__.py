"""The use cases: one file each, called by the command line and by the DAGs alike."""
