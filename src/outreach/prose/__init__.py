"""prose: a rule in plain words, as a nurse would say it and a clinician can sign it."""
