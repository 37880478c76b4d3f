"""Reads cycle files and framework files, and reports all mistakes at once, each with its line."""
