"""The cycle file and the framework: read, with every mistake told at once and its line."""
