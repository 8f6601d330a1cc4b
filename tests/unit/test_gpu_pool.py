"""The snapshot that the examples in policies edit is that of its cluster."""

from tests.clusters.catalog import snapshot_text
from tests.clusters.gpu_pool import FIXTURE, gpu_pool


def test_the_snapshot_is_fresh():
    # When it is not: python -m tests.clusters.gpu_pool, and review the diff.
    assert snapshot_text(gpu_pool()).decode() == FIXTURE.read_text(encoding="utf-8")
