"""``python -m aiconf``."""

from aiconf.cli import main

main()
