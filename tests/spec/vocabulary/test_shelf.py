"""A shelf gives one declaration without reading the others, and the same one as all together."""

import subprocess
import sys

import pytest

from tocsin import areas, journeys
from tocsin.areas import all_areas, area_named
from tocsin.journeys import all_journeys, journey_named, journey_names
from tocsin.vocabulary.errors import BadDeclaration


def test_each_is_the_one_that_all_together_have():
    assert journey_names() == tuple(all_journeys())
    assert all(journey_named(name) is journey for name, journey in all_journeys().items())
    assert all(area_named(name) is area for name, area in all_areas().items())


@pytest.mark.parametrize("name", ["unheard_of", "questions", "os.path", ""])
def test_one_that_is_not_there_is_told(name: str):
    """A module beside the declarations is none of them, nor is any other module of the machine."""
    with pytest.raises(BadDeclaration, match="is not known to this version of tocsin; expected one of alert_legs"):
        journey_named(name)
    assert area_named(name) is None


def test_one_is_read_alone():
    asked = "import sys; from tocsin.journeys import journey_named; journey_named('incident_clocks'); print(*sys.modules)"
    read = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert f"{journeys.__name__}.incident_clocks" in read
    assert f"{journeys.__name__}.hub_installs" not in read and f"{areas.__name__}.installs" not in read
