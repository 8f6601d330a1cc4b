"""What serves models in most clusters: two versions behind a gateway, and a third split in two behind a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clusters.parts import GPU, Plain
from tests.clusters.products.gateways import gateway_api, gateway_with_routes, inference_extension, inference_pool
from tests.clusters.products.serving import LLM_D, VLLM, llm_d, vllm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clusters.build import Builder

SPACE = "inference"
PICKER = "ghcr.io/llm-d/llm-d-inference-scheduler:v0.5.0"


def serve_models(
    b: Builder,
    implement: Callable[[Builder, str], str],
    controller: str,
    versions: tuple[str, str],
    *,
    resource: str = GPU,
    claim: str = "",
    images: tuple[str, str] = (VLLM, LLM_D),
    split: str = "llama-3-8b",
    **more: Any,
) -> list[Plain]:
    """Serve two versions of a model, and one split into prefill and decode; the Deployments of the two.

    Args:
        b: The cluster.
        implement: Adds an implementation of Gateway API, and gives the name of its class.
        controller: The controller that its objects name.
        versions: Names of the two.
        resource: The accelerators that servers ask for.
        claim: The template of their claims, when they ask by claim.
        images: Of the whole servers, and of the split ones.
        split: The model that is split; none is when it is empty.
        more: Keywords of the pods' specs.
    """
    b.space(SPACE, enforce="baseline")
    gateway_api(b)
    ask: dict[str, Any] = {"resource": resource, "claim": claim, **more}
    made = [vllm(b, name, SPACE, b.gpus[:1], model=name, image=images[0], **ask) for name in versions]
    klass = implement(b, SPACE)
    gateway_with_routes(b, SPACE, klass, controller, made, pool=split)
    if split:
        inference_extension(b)
        llm_d(b, split, SPACE, image=images[1], **ask)
        inference_pool(b, split, SPACE, controller, {"llm-d.ai/model": split}, image=PICKER)
    return made
