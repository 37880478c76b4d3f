"""Help for people: challenge prompts for the challenger, and the disclosure guard."""
