"""Rule and policy files, and the catalog they make up.

``models`` is the file format, ``load`` turns the files of a folder into a ``Catalog``, ``runtime`` is what the engine
sees of it.
"""
