"""The local servers on which the sample is published in order to be recorded."""
