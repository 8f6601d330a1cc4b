"""Common Expression Language: cel-python's grammar in front, closures over plain data behind.

This package is the only importer of CEL libraries and of RE2. Parsing needs ``lark``; checking, compiling and
evaluating a tree that is already lowered need nothing beyond the standard library, and RE2 only once a pattern is
matched.
"""
