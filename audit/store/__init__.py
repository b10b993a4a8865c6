"""What the audit remembers, in SQLite or PostgreSQL."""
