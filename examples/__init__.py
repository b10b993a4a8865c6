"""The sample organisation on which the audit can be tried out, and what it was made with."""
