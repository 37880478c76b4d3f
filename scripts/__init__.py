"""What set-up and the docs run: not part of the product."""
