"""The bridge of availability: from the minutes of the month to those available, every step a figure, and the steps add up."""

from dataclasses import replace

from frozen_run import figure, made_up_run
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Graph, Table
from tocsin.reports.sections import availability

RUN = made_up_run()


def service(name: str, month: int, maintenance: int, down: int, status: str = "stated") -> list[Figure]:
    where = (("service", name),)
    tap = month - maintenance
    return [
        figure("availability_minutes", "of_tap", where, shown="99.00", counted=tap, met=tap - down, status=status),
        figure("availability_minutes", "of_month", where, shown="99.00", counted=month, met=month - down, status=status),
        figure("availability_minutes", "maintenance", where, shown=str(maintenance), counted=maintenance, unit="count", status=status),
        figure("availability_minutes", "down", where, shown=str(down), counted=down, unit="count", status=status),
    ]


def bridge(*figures: Figure) -> Graph | Table:
    blocks = availability.build(replace(RUN, figures=figures))
    found = [
        block for block in blocks if isinstance(block, Graph) or (isinstance(block, Table) and block.caption.startswith("From the month"))
    ]
    (one,) = found
    return one


def test_the_steps_add_up_for_every_service():
    drawn = bridge(*service("ssi", 43_200, 240, 12), *service("dsp", 43_200, 0, 3))
    assert isinstance(drawn, Graph)
    assert drawn.twin.rows == (
        ("Self-Service Interface", 43_200, 240, 42_960, 12, 42_948),
        ("DCC Data Service", 43_200, 0, 43_200, 3, 43_197),
    )
    for _, month, maintenance, tap, down, available in drawn.twin.rows:
        assert month - maintenance == tap and tap - down == available  # type: ignore[operator]  # whole numbers


def test_a_bar_starts_where_the_one_before_ends_and_the_last_is_all_of_it():
    drawn = bridge(*service("ssi", 43_200, 240, 12))
    assert isinstance(drawn, Graph)
    assert [(value["step"], value["from"], value["to"], value["label"]) for value in drawn.spec["data"]["values"]] == [
        ("Planned Maintenance", 0, 240, "240"),
        ("Down", 240, 252, "12"),
        ("All that was lost", 0, 252, "252"),
    ]
    assert "of 43,200 minutes, 240 of compliant maintenance and then 12 down, 42,948 available" in drawn.alt


def test_nothing_lost_is_a_table_and_no_empty_graph():
    found = bridge(*service("ssi", 43_200, 0, 0))
    assert isinstance(found, Table) and found.rows == (("Self-Service Interface", 43_200, 0, 43_200, 0, 43_200),)


def test_a_service_of_which_a_step_is_a_hole_has_no_bridge():
    found = bridge(*service("ssi", 43_200, 240, 12, status="incomplete"))
    assert isinstance(found, Table) and found.rows == ()
