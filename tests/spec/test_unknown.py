"""Unknown is a value: neither at risk nor not at risk."""

title = "What is not known"


def test_a_missing_birthplace_asks_only_where_it_would_decide(spec):
    """Nobody is asked for what cannot change the answer."""
    spec(
        rule="liver/hcc-surveillance",
        as_of="2026-03-01",
        given="""
            who  | born       | sex    | hepatitis b | platelets | birthplace
            -----+------------+--------+-------------+-----------+-----------
            risk | 1981-01-01 | male   | 2015-06-01  |           |
            ask  | 1971-01-01 | female | 2015-06-01  | 250       |
            us   | 1971-01-01 | female | 2015-06-01  | 250       | US
            young| 2007-01-01 | female | 2015-06-01  | 250       |
            teen | 2009-01-01 | female | 2015-06-01  | 250       |
        """,
        then="""
            who  | status         | group             | missing
            -----+----------------+-------------------+-----------
            risk | overdue        | hepatitis-b-score |
            ask  | unknown        |                   | birthplace
            us   | not-applicable |                   |
            young| not-applicable |                   |
            teen | not-applicable |                   |
        """,
    )


def test_death_and_refusal_come_before_every_question(spec):
    """Nobody who has died or said no is asked anything."""
    spec(
        rule="liver/hcc-surveillance",
        as_of="2026-03-01",
        given="""
            who  | born       | sex    | hepatitis b | platelets | died | opted out
            -----+------------+--------+-------------+-----------+------+----------
            gone | 1971-01-01 | female | 2015-06-01  | 250       | 2025 |
            no   | 1971-01-01 | female | 2015-06-01  | 250       |      | yes
        """,
        then="""
            who  | status    | because
            -----+-----------+----------
            gone | excluded  | deceased
            no   | exception | opted-out
        """,
    )
