"""The drawn tables of the journeys are used here too."""

import sys
from pathlib import Path

JOURNEYS = str(Path(__file__).resolve().parents[1] / "journeys")
if JOURNEYS not in sys.path:
    sys.path.append(JOURNEYS)
