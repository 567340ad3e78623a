"""Rules and people made up by Hypothesis: rules as YAML text, people as FHIR JSON, over one small vocabulary.

Days lie on the edges of what rules ask, ages on birthdays, values on thresholds; every code is invented for tests.
"""
