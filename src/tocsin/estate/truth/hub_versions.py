"""The truth of hubs that changed their firmware: what the inventory's rows tell, counted in whole numbers (CR1423; domain.md 8.4)."""

from collections import Counter
from collections.abc import Iterator

from tocsin.estate.block import Block
from tocsin.estate.models import models
from tocsin.estate.truth.figures import TrueFigure
from tocsin.estate.words import WORDS, number
from tocsin.vocabulary.calendar import Period


def version_figures(period: Period, devices: Block, told: Block) -> Iterator[TrueFigure]:
    """Figures of the area hub_versions. `told`: rows of versions other than before, in files that came: place, since_us."""
    # All together, also where nothing changed.
    found = Counter({"": 0})
    for place, since in zip(told["place"].tolist(), told["since_us"].tolist(), strict=True):
        if devices["device_type"][place] == number("device_type", "CHF") and period.start_at <= since < period.end_at:
            provider, region = (WORDS[column][devices[column][place]] for column in ("service_provider", "region"))
            model = models()[devices["model"][place]].name
            found.update(("", f"/service_provider={provider}", f"/region={region}", f"/model={model}"))
    for split, hubs in found.items():
        yield TrueFigure(f"hub_versions.changed{split}", hubs)
