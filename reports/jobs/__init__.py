"""The use cases of reporting, one file each; the DAGs and the command line call the same ones."""
