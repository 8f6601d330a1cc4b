"""Outcomes of the programme's suite, as a run on the cluster leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.clusters.build import Builder

_ISOLATION = ("", "/PositiveAccessTest", "/NegativeIsolationTest", "/MultiContainerIsolationTest")


def isolation_passed(b: Builder) -> None:
    """The test of access to accelerators has passed: only that shows isolation."""
    b.passed("secure_accelerator_access", *(f"TestSecureAcceleratorAccess{part}" for part in _ISOLATION))


def suite_passed(b: Builder) -> None:
    """The whole suite has passed."""
    isolation_passed(b)
    b.passed("gang_scheduling", "TestGangScheduling")
    b.passed("cluster_autoscaling", "TestAcceleratorClusterAutoscaling")
    b.passed("pod_autoscaling", "TestAcceleratorHorizontalPodAutoscaling")
    b.passed("robust_controller", "TestRobustCRDControllerOperation")
    b.passed("workload_sandboxing", "TestWorkloadSandboxing")
