"""Sample facts, to try a template without a cycle."""
