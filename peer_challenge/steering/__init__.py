"""What the programme office decides, and what follows from it: the same for page and command line."""
