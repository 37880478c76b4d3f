"""Documents written from templates, and comments in a copy of a form."""
