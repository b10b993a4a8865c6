"""What people read: mails, the digest, trends and pages, built from the stored results."""
