"""Everything that goes out: what each dispatch says, to whom, and from which facts."""
