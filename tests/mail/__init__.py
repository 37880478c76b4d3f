"""Real mail servers for tests, on free ports, with certificates of their own."""
