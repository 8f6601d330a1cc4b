"""Holds a JSON report against one that is made anew from its recorded inputs; ``aiconf.cli.verify`` makes that."""

from aiconf.verify.compare import Difference, differences
from aiconf.verify.recorded import Recorded, RecordedOptions, decode_report, inside, read_report

__all__ = ["Difference", "Recorded", "RecordedOptions", "decode_report", "differences", "inside", "read_report"]
