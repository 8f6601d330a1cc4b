"""The layers of one layered product as a table, and layers.yaml written into its notes and README."""
