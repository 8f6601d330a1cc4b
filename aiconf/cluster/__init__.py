"""The facts of a snapshot: what expressions see of a cluster. Nothing here is a verdict."""
