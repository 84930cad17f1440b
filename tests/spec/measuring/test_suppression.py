"""Which rows of a table by SEC Party stay unpublished: drawn tables, the numbers of a cell from the widest to the least (decision 0007)."""

import pytest

from tocsin.measuring.suppression import NotShown, PartyTable, Secrecy, not_shown
from tocsin.vocabulary.errors import BadDeclaration

SECRECY = Secrecy(fewest_parties=3, dominance_percent=80, protection_percent=10)
SHARES = ((0, 1),)


def kept_back(drawn: str, secrecy: Secrecy = SECRECY) -> NotShown:
    """Of a table drawn with parties across: "7/6" is a volume of 7, of which 6 were successful; a dot is no request."""
    head, *lines = (line.split() for line in drawn.strip().splitlines())
    cells = {
        (row, party): tuple(int(number) for number in cell.split("/"))
        for row, *told in lines
        for party, cell in zip(head, told, strict=True)
        if cell != "."
    }
    return not_shown(PartyTable(cells, SHARES), secrecy)


def test_nothing_is_kept_back_where_nothing_tells() -> None:
    assert kept_back("""
             P1     P2     P3
        2.2  40/39  40/39  40/39
        2.3  3/3    4/4    3/2
    """) == NotShown(frozenset(), False)


def test_a_row_of_two_parties_takes_the_smallest_other_that_hides_it() -> None:
    """2.3 alone would be each party's sum less what is shown of it. 4.4 is smaller than 4.5 and enough."""
    assert kept_back("""
             P1     P2     P3     P4
        2.3  4/4    6/5    .      .
        4.4  10/9   9/8    12/9   11/9
        4.5  90/80  80/70  95/90  90/85
    """) == NotShown(frozenset({"2.3", "4.4"}), False)


def test_a_row_that_is_too_small_to_hide_another_is_not_taken() -> None:
    """Two requests more leave the 500 of one party known to within two: the next row up is taken, and the small one stays shown."""
    assert kept_back("""
             P1       P2       P3
        2.3  500/400  20/15    .
        4.4  2/1      2/1      3/2
        4.5  400/300  500/400  450/300
    """) == NotShown(frozenset({"2.3", "4.5"}), False)


def test_one_party_above_the_share_tells_like_too_few() -> None:
    """40 of 50 is 80 % and does not tell; 41 of 51 does."""
    table = """
             P1       P2       P3
        2.3  {}/30    5/4      5/4
        4.5  400/300  500/400  450/300
    """
    assert kept_back(table.format(40)).rows == frozenset()
    assert kept_back(table.format(41)).rows == {"2.3", "4.5"}


def test_a_number_behind_a_rate_is_guarded_as_the_volume_is() -> None:
    """With 4.4 the volumes are hidden, but all of its requests failed: the successes of 2.3 would be what is left of each party's."""
    assert kept_back("""
             P1     P2     P3     P4
        2.3  40/38  60/57  .      .
        4.4  70/0   70/0   80/0   90/0
        4.5  95/90  95/90  95/90  95/90
    """) == NotShown(frozenset({"2.3", "4.5"}), False)


def test_a_share_that_would_be_known_whole_is_guarded() -> None:
    """No party but P3 failed in 2.3 or 4.4, so P1 and P2 would be known to have had 100 %, which their own figures do not say."""
    assert kept_back("""
             P1     P2     P3     P4
        2.3  2/2    1/1    .      .
        2.4  1/0    1/0    .      .
        4.4  9/9    9/9    12/9   11/9
        4.5  95/90  95/90  95/90  95/90
    """).rows == {"2.3", "2.4", "4.4"}
    assert kept_back("""
             P1     P2      P3     P4
        2.3  5/5    50/44   .      .
        4.4  60/60  60/52   70/60  75/60
        4.5  95/90  95/95   95/90  95/90
    """).rows == {"2.3", "4.5"}


def test_a_share_that_would_be_known_to_be_nought_is_guarded() -> None:
    assert kept_back("""
             P1     P2     P3     P4
        2.3  5/0    50/44  .      .
        4.4  60/0   60/52  70/60  75/60
        4.5  95/90  95/90  95/90  95/90
    """).rows == {"2.3", "4.5"}


def test_what_a_rows_own_figure_says_of_all_is_no_secret() -> None:
    """2.3 had no failure at all, which its own figure tells of everybody in it: no row is kept back for that."""
    assert kept_back("""
             P1     P2     P3     P4
        2.3  4/4    6/6    .      .
        4.4  10/9   9/8    12/9   11/9
        4.5  90/80  80/70  95/90  90/85
    """).rows == {"2.3", "4.4"}


def test_a_party_that_takes_its_own_numbers_out_learns_no_more() -> None:
    """4.4 hides P1's 200 from everybody but P3, who had most of it: the 18 others in 4.4 leave him a guess as narrow. 4.5 does for all."""
    table = """
             P1       P2       P3       P4
        2.3  200/150  .        60/40    .
        4.4  .        {}       {}       {}
        4.5  400/300  500/400  450/300  400/300
    """
    assert kept_back(table.format("40/36", "8/7", "40/36")).rows == {"2.3", "4.4"}
    assert kept_back(table.format("9/8", "70/60", "9/8")).rows == {"2.3", "4.5"}


def test_unlisted_user_ids_may_be_one_company() -> None:
    """Three IDs that no list has are one party at most, so 2.3 tells; and what they have together is guarded as well as each."""
    table = """
             U1       U2       U3       P1       P2       P3
        2.3  50/45    50/45    50/45    .        .        .
        4.4  .        .        .        {0}      {0}      {0}
        4.5  100/90   100/90   100/90   100/90   100/90   100/90
    """
    assert kept_back(table.format("9/8")).rows == {"2.3", "4.4"}
    # Twelve requests of others hide the 50 of each ID; of the 150 of all three they hide too little.
    assert kept_back(table.format("4/4")).rows == {"2.3", "4.5"}


def test_an_unlisted_user_id_is_guarded_by_itself_too() -> None:
    """U1 would be known never to have failed in 2.3, though U1 and U2 together did."""
    assert kept_back("""
             U1      U2      P1      P2      P3
        2.3  20/20   20/15   .       .       .
        4.4  9/9     .       9/8     9/8     9/8
        4.5  100/90  100/90  100/90  100/90  100/90
    """).rows == {"2.3", "4.5"}


def test_what_has_no_party_is_nobodys_secret() -> None:
    assert kept_back("""
             UNKNOWN  P1      P2      P3
        2.3  50/40    .       .       .
        4.5  10/9     100/90  100/90  100/90
    """) == NotShown(frozenset(), False)


def test_where_all_rows_would_not_do_the_parties_sums_are_kept_back() -> None:
    """Nobody succeeded outside 2.3, so each party's sum alone tells its successes there; 4.5 is shown, for it tells nothing by itself."""
    assert kept_back("""
             P1       P2       P3       P4
        2.3  90/80    20/15    .        .
        4.5  100/0    100/0    100/0    100/0
    """) == NotShown(frozenset({"2.3"}), True)


def test_a_process_that_tells_shows_nothing_by_party() -> None:
    assert kept_back("""
             P1       P2
        2.3  50/40    60/50
        4.5  100/90   100/90
    """) == NotShown(frozenset({"2.3", "4.5"}), True)
    assert not_shown(PartyTable({}, SHARES), SECRECY) == NotShown(frozenset(), False)


def test_how_close_a_guess_may_come_is_a_setting() -> None:
    drawn = """
             P1       P2       P3
        2.3  100/80   90/70    .
        4.4  15/12    14/12    16/12
        4.5  400/300  500/400  450/300
    """
    assert kept_back(drawn).rows == {"2.3", "4.4"}
    assert kept_back(drawn, Secrecy(3, 80, 50)).rows == {"2.3", "4.5"}


def test_numbers_that_are_no_parts_of_one_another_are_refused() -> None:
    with pytest.raises(BadDeclaration, match=r'table by SEC Party, row "2\.3": its numbers were expected to be parts'):
        kept_back("P1\n2.3 4/5")
