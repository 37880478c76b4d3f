"""Office files as packages: ZIP and XML, opened and written safely."""
