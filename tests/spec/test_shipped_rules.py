"""What a clinician would check of each shipped rule before signing it."""

import pytest

title = "The shipped rules"


def test_one_breast_left_is_still_screened(spec):
    """Both sides must be gone, however they were written down; a side that nobody wrote down is not guessed."""
    spec(
        rule="breast/breast-mammography",
        as_of="2026-03-01",
        given="""
            who  | born       | sex    | procedure: left-mastectomy | procedure: mastectomy-side-unstated
            -----+------------+--------+----------------------------+------------------------------------
            left | 1970-05-10 | female | 2015-01-01                 |
            both | 1970-05-10 | female | 2015-01-01                 | 2019-01-01 right-breast
            same | 1970-05-10 | female | 2015-01-01                 | 2019-01-01 left-breast
            guess| 1970-05-10 | female | 2015-01-01                 | 2019-01-01
        """,
        then="""
            who  | status   | because
            -----+----------+----------------
            left | overdue  |
            both | excluded | breasts-removed
            same | overdue  |
            guess| overdue  |
        """,
    )


def test_unknown_sex_at_birth_asks(spec):
    """Sex at birth goes before administrative sex; where neither is known somebody asks."""
    spec(
        rule="breast/breast-mammography",
        as_of="2026-03-01",
        given="""
            who  | born       | sex    | sex at birth | finding: organ-inventory
            -----+------------+--------+--------------+--------------------------------------
            trans| 1970-05-10 | male   | female       |
            none | 1970-05-10 |        |              |
            other| 1970-05-10 | other  |              |
            said | 1970-05-10 |        |              | 2025-01-10 inventory-breasts-present
            man  | 1970-05-10 | male   |              |
        """,
        then="""
            who  | status         | group           | missing      | list
            -----+----------------+-----------------+--------------+---------
            trans| overdue        | assigned-female |              |
            none | unknown        |                 | sex-at-birth | ask-list
            other| unknown        |                 | sex-at-birth | ask-list
            said | overdue        | has-breasts     |              |
            man  | not-applicable |                 |              |
        """,
    )


def test_an_incomplete_mammogram_is_worked_up_and_an_uncertain_one_looked_at_soon(spec):
    """BI-RADS 0 waits for a person, BI-RADS 3 comes back after six months, BI-RADS 1 after two years."""
    spec(
        rule="breast/breast-mammography",
        as_of="2026-03-01",
        given="""
            who | born       | sex    | report: mammogram
            ----+------------+--------+----------------------
            zero| 1970-05-10 | female | 2026-01-10 BI-RADS 0
            soon| 1970-05-10 | female | 2025-09-01 BI-RADS 3
            fine| 1970-05-10 | female | 2025-09-01 BI-RADS 1
            read| 1970-05-10 | female | 2025-09-01
        """,
        then="""
            who | status     | due on     | because | list
            ----+------------+------------+---------+---------------
            zero| not-now    |            | work-up | breast-work-up
            soon| due        | 2026-03-01 |         |
            fine| up-to-date | 2027-09-01 |         |
            read| not-now    |            | unread  | read-mammogram
        """,
    )


def test_the_longest_lasting_colorectal_test_counts(spec):
    """A colonoscopy of 2019 outlasts a newer stool test; one that has run out does not."""
    spec(
        rule="colorectal/colorectal-screening",
        as_of="2026-03-01",
        given="""
            who | born       | finding: stool-blood-test | procedure: colonoscopy
            ----+------------+---------------------------+-----------------------
            long| 1966-05-10 | 2025-10-01 negative       | 2019-06-01
            old | 1966-05-10 | 2025-10-01 negative       | 2014-06-01
            none| 1966-05-10 |                           |
        """,
        then="""
            who | status     | due on
            ----+------------+-----------
            long| up-to-date | 2029-06-01
            old | up-to-date | 2026-10-01
            none| overdue    | 2011-05-10
        """,
    )


def test_a_positive_stool_test_waits_for_a_colonoscopy(spec):
    """Only a colonoscopy on that day or later ends the wait."""
    spec(
        rule="colorectal/colorectal-screening",
        as_of="2026-03-01",
        given="""
            who   | born       | finding: stool-blood-test | procedure: colonoscopy
            ------+------------+---------------------------+-----------------------
            wait  | 1966-05-10 | 2025-10-01 positive       |
            before| 1966-05-10 | 2025-10-01 positive       | 2024-06-01
            after | 1966-05-10 | 2025-10-01 positive       | 2025-11-01
        """,
        then="""
            who   | status     | because | list
            ------+------------+---------+-------------------
            wait  | not-now    | work-up | colonoscopy-needed
            before| not-now    | work-up | colonoscopy-needed
            after | up-to-date |         |
        """,
    )


@pytest.mark.parametrize(
    ("rule", "given", "group"),
    [
        ("colorectal/colorectal-screening", "who | born\nold | 1948-05-10", "aged-76-to-85"),
        (
            "aorta/aorta-screening",
            "who | born | sex | finding: smoking-status\nold | 1956-05-10 | male | 2025-01-10 never-smoked",
            "never-smoked",
        ),
    ],
)
def test_grade_c_goes_to_a_clinician_and_invites_nobody(spec, rule, given, group):
    """A small benefit is for a clinician and the person to weigh."""
    then = f"who | status | because | list | group\nold | not-now | clinician-decides | clinician-decides | {group}"
    spec(rule=rule, as_of="2026-03-01", given=given, then=then)


def test_clear_cells_last_three_years_and_a_negative_hpv_test_five(spec):
    """Before 30 an HPV test does not count; clear cells beside a positive HPV test are not clear."""
    spec(
        rule="cervical/cervical-screening",
        as_of="2026-03-01",
        given="""
            who  | born       | sex    | finding: cervical-cytology | finding: hpv-test
            -----+------------+--------+----------------------------+--------------------
            cells| 1980-05-10 | female | 2024-06-01 clear           |
            hpv  | 1980-05-10 | female |                            | 2024-06-01 negative
            young| 1998-05-10 | female |                            | 2024-06-01 negative
            mixed| 1980-05-10 | female | 2024-06-01 clear           | 2024-06-01 positive
            bad  | 1980-05-10 | female | 2024-06-01 HSIL            | 2024-06-01 negative
        """,
        then="""
            who  | status     | due on     | because
            -----+------------+------------+--------
            cells| up-to-date | 2027-06-01 |
            hpv  | up-to-date | 2029-06-01 |
            young| overdue    | 2019-05-10 |
            mixed| not-now    | 2029-06-01 | work-up
            bad  | not-now    | 2029-06-01 | work-up
        """,
    )


def test_missing_pack_years_are_asked_for(spec):
    """Somebody who smokes is never "not at risk" only because nobody counted; a never-smoker is not asked."""
    spec(
        rule="lung/lung-screening",
        as_of="2026-03-01",
        given="""
            who  | born       | finding: smoking-status   | lab: pack-years | date: smoking-quit-date
            -----+------------+---------------------------+-----------------+------------------------
            ask  | 1961-05-10 | 2025-01-10 current-smoker |                 |
            much | 1961-05-10 | 2025-01-10 current-smoker | 2025-01-10 20   |
            few  | 1961-05-10 | 2025-01-10 current-smoker | 2025-01-10 19.9 |
            when | 1961-05-10 | 2025-01-10 former-smoker  | 2025-01-10 30   |
            last | 1961-05-10 | 2025-01-10 former-smoker  | 2025-01-10 30   | 2025-01-10 2011-03-01
            past | 1961-05-10 | 2025-01-10 former-smoker  | 2025-01-10 30   | 2025-01-10 2011-02-28
            never| 1961-05-10 | 2025-01-10 never-smoked   |                 |
        """,
        then="""
            who  | status         | group          | missing           | list
            -----+----------------+----------------+-------------------+---------
            ask  | unknown        |                | pack-years        | ask-list
            much | overdue        | smokes-now     |                   |
            few  | not-applicable |                |                   |
            when | unknown        |                | smoking-quit-date | ask-list
            last | overdue        | stopped-lately |                   |
            past | not-applicable |                |                   |
            never| not-applicable |                |                   |
        """,
    )


def test_the_aorta_is_looked_at_once(spec):
    """One ultrasound after 65 is enough for good; women are not invited."""
    spec(
        rule="aorta/aorta-screening",
        as_of="2026-03-01",
        given="""
            who  | born       | sex    | finding: smoking-status | report: aorta-ultrasound
            -----+------------+--------+-------------------------+-------------------------
            once | 1951-05-10 | male   | 2015-01-10 ever-smoked  | 2016-06-01
            early| 1956-05-10 | male   | 2015-01-10 ever-smoked  | 2010-06-01
            woman| 1956-05-10 | female | 2015-01-10 ever-smoked  |
            asked| 1956-05-10 | male   |                         |
        """,
        then="""
            who  | status         | due on     | missing
            -----+----------------+------------+---------------
            once | up-to-date     |            |
            early| overdue        | 2021-05-10 |
            woman| not-applicable |            |
            asked| unknown        |            | smoking-status
        """,
    )


def test_type_2_begins_at_the_diagnosis_and_type_1_five_years_after_the_onset(spec):
    """A clear examination lasts a year; severe retinopathy goes to the eye clinic."""
    spec(
        rule="eye/diabetic-retinopathy",
        as_of="2026-03-01",
        given="""
            who  | born       | condition: type-2-diabetes | condition: type-1-diabetes | finding: graded-eye-exam
            -----+------------+----------------------------+----------------------------+-------------------------
            two  | 1970-05-10 | 2026-02-01                 |                            |
            one  | 1990-05-10 |                            | 2021-03-01                 |
            early| 1990-05-10 |                            | 2021-03-02                 |
            open | 1990-05-10 |                            | undated                    |
            fine | 1970-05-10 | 2015-06-01                 |                            | 2025-06-01 none
            eye  | 1970-05-10 | 2015-06-01                 |                            | 2025-06-01 severe
        """,
        then="""
            who  | status         | due on     | because     | missing
            -----+----------------+------------+-------------+----------------
            two  | due            | 2026-02-01 |             |
            one  | due            | 2026-03-01 |             |
            early| not-applicable |            | not-at-risk |
            open | unknown        |            | ask-list    | type-1-diabetes
            fine | up-to-date     | 2026-06-01 |             |
            eye  | not-now        |            | referral    |
        """,
    )
