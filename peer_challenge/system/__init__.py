"""Child processes, file locks, limits, and logs without what areas wrote."""
