"""Who challenges whom: proposed, changed, approved."""
