"""compare: the same people under two rules, or under one rule with an attribute masked: who moves, by group."""
