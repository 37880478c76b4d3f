"""What goes out: decided, written, issued once; reminders and briefs."""
