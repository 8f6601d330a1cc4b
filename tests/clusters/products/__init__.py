"""Products as clusters show them: their definitions, workloads, objects and metrics, under the names that they have."""
