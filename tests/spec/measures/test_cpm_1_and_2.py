"""CPM 1 and 2, drawn: who is counted, who is met (domain.md 2.1, 4.1, 15.4)."""

import pytest

from tocsin.measures.cpm_1 import CPM_1
from tocsin.measures.cpm_2 import CPM_2


def test_cpm_1_edge_and_silence(spec):
    """A response exactly on target is met; a request never answered is counted and not met; other flows are another measure's."""
    spec(
        CPM_1,
        """
             | flow       | target_response | round_trip  | outcome
        -----+------------+-----------------+-------------+--------
         r1  | on_demand  | 30 s            | 12 s        | success
         r2  | critical   | 30 s            | 30 s        | success
         r3  | dcc_only   | 30 s            | 30.000001 s | success
         r4  | on_demand  | 30 s            |             | timeout
         r5  | future_dsp | 24 h            | 1 s         | success
         r6  | firmware   | 5 d             | 1 s         | success
        """,
        events=4,
        met=2,
    )


def test_cpm_1_boundary_of_a_hundred(spec):
    """domain.md 15.4: 100 received, 96 on time, 1 late, 2 unanswered and 1 still open: 96 of 99, and one waiting."""
    spec(
        CPM_1,
        """
         times | target_response | round_trip | outcome
         96    | 30 s            | 30.000 s   | success
         1     | 30 s            | 30.001 s   | success
         2     | 30 s            |            | timeout
         1     | 30 s            |            | open
        """,
        events=99,
        met=96,
        waiting=1,
    )


def test_cpm_1_failures_and_rejects(spec):
    """The device's error is a response; the DCC's is none; a reject of the request itself is out; what is set aside is nowhere."""
    spec(
        CPM_1,
        """
             | target_response | round_trip | outcome     | set_aside
         r1  | 30 s            | 5 s        | device_fail |
         r2  | 30 s            | 5 s        | dcc_fail    |
         r3  | 30 s            | 1 s        | user_reject |
         r4  | 30 s            | -1 s       | success     | negative_span
         r5  |                 | 1 s        | success     |
        """,
        events=2,
        met=1,
    )


@pytest.mark.parametrize("flow", ["future_dsp", "future_device_outcome", "future_both", "scheduled"])
def test_cpm_2_counts_what_was_due(spec, flow):
    """From the execution or planned time; an occurrence without a response is a failure; the time it was held is no delay."""
    spec(
        CPM_2,
        f"""
             | flow   | target_response | round_trip       | outcome | held
         r1  | {flow} | 24 h            | 24 h             | success | 20 d
         r2  | {flow} | 24 h            | 86400.000001 s   | success |
         r3  | {flow} | 24 h            |                  | timeout |
         r4  | {flow} | 24 h            |                  | open    |
        """,
        events=3,
        met=1,
        waiting=1,
    )


def test_cpm_2_leaves_set_ups_and_cancellations_alone(spec):
    spec(
        CPM_2,
        """
         flow                 | target_response | round_trip
         future_device_set_up | 24 h            | 1 s
         cancellation         | 30 s            | 1 s
         on_demand            | 30 s            | 1 s
         transform_only       | 3 s             |
        """,
        events=0,
        met=0,
    )
