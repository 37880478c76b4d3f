"""Word documents: opening them safely, reading them without loss, writing them well."""
