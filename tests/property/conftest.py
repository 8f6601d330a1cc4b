"""Makes the helpers beside the property tests importable, and the CEL cases: tests lie in no package."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "unit" / "cel")]
