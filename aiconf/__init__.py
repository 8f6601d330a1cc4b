"""aiconf: linter and gate for the CNCF Kubernetes AI Conformance programme."""
