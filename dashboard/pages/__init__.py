"""The pages, a file each: what each shows and what can be done on it."""
