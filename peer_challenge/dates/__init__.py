"""Working days, deadlines, reminders and calendar files."""
