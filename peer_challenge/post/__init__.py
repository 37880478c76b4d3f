"""Emails and drafts of emails."""
