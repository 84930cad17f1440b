"""domain.md 15.8, the fan-out of an 11.1, to be read beside the sheet: rows, journeys, tallies, figures."""

from typing import Any

from drawn_firmware import DAY, happenings
from whole_road import figure as figure_of

from tocsin.engines import Engine
from tocsin.journeys.firmware_activations import FIRMWARE_ACTIVATIONS
from tocsin.journeys.firmware_uploads import FIRMWARE_UPLOADS
from tocsin.measures import all_measures

# Five devices, one refused; A after a day, B after exactly five, C on the sixth, D (a PPMID of MDS) at its hub after two. A's activation is
# answered, B's is not, but an 11.2 finds the version; C's is not attempted.
FAN_OUT = """
device | stage | at           | result  | type  | cohort  | provider | found
a      | F0    | 00:00:00     |         | ESME  | MOC-MDS | S1SP-DXC |
b      | F0    | 00:00:00     |         | ESME  | MOC-MDS | S1SP-DXC |
c      | F0    | 00:00:00     |         | ESME  | MOC-MDS | S1SP-DXC |
d      | F0    | 00:00:00     |         | PPMID | MOC-MDS | S1SP-DXC |
e      | F0    | 00:00:00     | refused | ESME  | MOC-MDS | S1SP-DXC |
a      | F3    | +1d 00:00:00 |         |       |         |          |
b      | F3    | +5d 00:00:00 |         |       |         |          |
c      | F3    | +6d 00:00:00 |         |       |         |          |
d      | F2    | +2d 00:00:00 |         |       |         |          |
a      | F4    | +7d 00:00:00 |         |       |         |          |
a      | F5    | +7d 00:00:20 |         |       |         |          | v2
b      | F4    | +7d 00:00:00 |         |       |         |          |
b      | F6    | +9d 00:00:00 |         |       |         |          | v2
"""


def told(engine: Engine, name: str, rows: list[dict[str, Any]]) -> tuple[int | None, int | None, str]:
    journey = FIRMWARE_UPLOADS if name == "cpm_6b" else FIRMWARE_ACTIVATIONS
    figure = figure_of(engine, all_measures()[name], journey, rows)
    return figure.counted, figure.met, figure.shown


def test_15_8_three_of_four_arrive_in_time(embedded: Engine) -> None:
    rows = happenings(embedded, FIRMWARE_UPLOADS, FAN_OUT)
    assert told(embedded, "cpm_6b", rows) == (4, 3, "75.00")
    assert sorted(row["upload_us"] for row in rows if row["upload_us"] is not None) == [DAY, 5 * DAY, 6 * DAY]


def test_15_8_two_of_two_are_activated(embedded: Engine) -> None:
    assert told(embedded, "cpm_6c", happenings(embedded, FIRMWARE_ACTIVATIONS, FAN_OUT)) == (2, 2, "100.00")
