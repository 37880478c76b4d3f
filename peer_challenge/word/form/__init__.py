"""What a form is, and whose."""
