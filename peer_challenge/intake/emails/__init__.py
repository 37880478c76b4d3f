"""Emails that come in: opened within bounds, their forms found, and what they say of sender and day."""
