"""How names and dates are written: patterns that both the reader and the schema use, for whole words."""

NAME = "[a-z0-9]+(-[a-z0-9]+)*"
PERIOD = "[0-9]{1,5} (day|week|month|year)s?"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
PARTIAL_DAY = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
