"""Finding, reporting and leaving out all that runs, fetches or starts something in an Office file."""
