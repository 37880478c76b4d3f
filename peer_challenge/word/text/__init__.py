"""From XML to text as Word shows it."""
