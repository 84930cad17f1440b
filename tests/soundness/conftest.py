"""Rows of the audit trail drawn as a table, for wrong figures that were once got out of them."""

import sys
from pathlib import Path

SPEC = Path(__file__).resolve().parents[1] / "spec"
# The harnesses of the floors: a wrong figure is pinned with the means by which the right one is specified.
sys.path += [str(folder) for folder in (SPEC / "journeys", SPEC / "measures") if str(folder) not in sys.path]
