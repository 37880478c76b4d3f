"""What each form holds and prints, and the names by which areas are known."""
