"""A second opinion: a rule judged person by person in plain Python, straight from its YAML and from FHIR JSON.

It exists to disagree with the compiled engine. It imports nothing of ``outreach``: it reads the rule's own text (no
rule model), the value sets' own files and the resources as a server sends them, and has its own calendar, units,
logic and scores. It loops where the engine joins, and tries every day that matters where the engine compares
intervals. Start at ``judge``.

Not covered: resources sent in several versions and lines that cannot be read (flatten's own tests), how late a
worklist is and since when, what is missing (worked out here, not yet compared), the wording of evidence, life
cycle, hashes, ``cases``, ``reads`` and ``expect``. It takes the rule as valid: the reader's own tests show that
others are refused.
"""
