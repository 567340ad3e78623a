"""The sections of a rule's page, each made from the model alone."""
