"""preview: what a change to a rule would do to the people of a night, before anybody signs it."""
