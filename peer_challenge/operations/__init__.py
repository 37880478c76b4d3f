"""The doctor, backups, exports and retention."""
