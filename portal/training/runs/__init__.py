"""A run through a scenario: what was seen, what it means, how it stands."""
