"""Who challenges whom: every rule kept, the best there is, explained."""
