"""The register: what is true now, and the journal of everything that happened."""
