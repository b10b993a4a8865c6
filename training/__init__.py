"""What the learned parts are made from, and how; nothing here is installed."""
