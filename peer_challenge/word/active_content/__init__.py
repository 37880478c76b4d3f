"""What in an Office file runs, fetches or starts something: found, told, and left out of what we send."""
