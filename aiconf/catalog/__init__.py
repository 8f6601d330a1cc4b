"""Rule and policy files, and the catalog they make up.

``models`` is the file format, ``load`` turns the files of a folder into a ``Catalog``, ``runtime`` is what the engine
sees of it. Importing this package imports nothing heavy.
"""

from aiconf.catalog.load import load_catalog
from aiconf.catalog.runtime import Catalog

__all__ = ["Catalog", "load_catalog"]
