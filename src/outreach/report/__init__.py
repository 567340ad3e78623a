"""What became of a night, group by group: counts, coverage, the ladder, what is missing, and the dashboard."""
