"""explain: why a person was invited, or not. The night's own row in words; nothing is judged a second time."""
