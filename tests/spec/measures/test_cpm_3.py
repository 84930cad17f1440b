"""CPM 3, drawn: who is counted, who is met, by the providers' stamps and as seen at the DSP (domain.md 2.2, 7.3, 7.4)."""

from tocsin.measures.cpm_3 import CPM_3
from tocsin.measures.cpm_3_at_dsp import CPM_3_AT_DSP

TABLE = """
     times | outcome      | outcome_at_dsp | set_aside
     7     | delivered    | delivered      |
     1     | late         | delivered      |
     1     | lost         | unseen         |
     1     | lost         | lost           |
     3     | consolidated | consolidated   |
     2     | open         | open           |
     1     | delivered    | delivered      | negative_span
"""


def test_cpm_3_counts_what_was_lost_and_not_what_was_held_back(spec):
    spec(CPM_3, TABLE, events=10, met=7, waiting=2)


def test_the_proxy_does_not_see_what_is_lost_before_the_dsp(spec):
    spec(CPM_3_AT_DSP, TABLE, events=9, met=8, waiting=2)


def test_each_names_the_other_source():
    assert (CPM_3.source, CPM_3.beside) == ("provider_feed", CPM_3_AT_DSP.name)
    assert (CPM_3_AT_DSP.source, CPM_3_AT_DSP.beside) == ("toc_proxy", CPM_3.name)
