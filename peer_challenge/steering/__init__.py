"""Decisions of the programme office and their effects, for the pages and the command line alike."""
