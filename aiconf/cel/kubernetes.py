"""What Kubernetes objects say of themselves: readiness, conditions, references, selectors.

Objects are plain data of unknown origin: a field may be absent, null or of any type, and none of these functions fails
for it. The ready tests are those a careful administrator would apply, stricter than ``kubectl wait``: a Deployment with
one of three replicas, with none wanted, or whose controller has not seen the last change is not ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def field(thing: Any, *path: str) -> Any:
    """The value below a path of keys; None where there is none or something that is no map stands in the way."""
    for key in path:
        if type(thing) is not dict:  # quicker than isinstance, and plain data has no other maps
            return None
        thing = thing.get(key)
    return thing


def at(thing: Any, path: str, default: Any) -> Any:
    """The value below a dotted path (``spec.podSets``); the default where there is none, or one of another type.

    A default that is null stands for any type.
    """
    found = field(thing, *path.split("."))
    return found if found is not None and (default is None or type(found) is type(default)) else default


def maps(thing: Any, *path: str) -> list[dict[str, Any]]:
    """The maps in the list below a path of keys; whatever else is in it is left out."""
    found = field(thing, *path)
    return [element for element in found if isinstance(element, dict)] if isinstance(found, list) else []


def texts(thing: Any, *path: str) -> list[str]:
    """The texts in the list below a path of keys; whatever else is in it is left out."""
    found = field(thing, *path)
    return [element for element in found if isinstance(element, str)] if isinstance(found, list) else []


def text(thing: Any, *path: str) -> str:
    """The text below a path of keys; "" where there is none."""
    found = field(thing, *path)
    return found if isinstance(found, str) else ""


def number(thing: Any, *path: str, default: int = 0) -> int:
    """The integer below a path of keys; the default where there is none."""
    found = field(thing, *path)
    return found if type(found) is int else default  # a bool is no number


def ref(thing: Any) -> str:
    """How an object is cited: ``apps/v1 Deployment kai-scheduler/binder``, ``v1 Node gpu-0``; "" for no object."""
    name, namespace = text(thing, "metadata", "name"), text(thing, "metadata", "namespace")
    where = f"{namespace}/{name}" if namespace else name
    return " ".join(part for part in (text(thing, "apiVersion"), text(thing, "kind"), where) if part)


def condition(thing: Any, kind: str, generation: int | None = None) -> str:
    """The status of a condition: ``True``, ``False``, ``Unknown``, or "" when the object has none of that type.

    A condition that was observed of an earlier generation is ``Unknown``: it speaks of another state of the object.

    Args:
        thing: An object, or a part of one that has ``conditions`` itself, as a listener or a route's parent.
        kind: The condition's type.
        generation: The generation to have been observed; the object's own when None.
    """
    for one in maps(thing, "status", "conditions") or maps(thing, "conditions"):
        if one.get("type") == kind:
            wanted = number(thing, "metadata", "generation") if generation is None else generation
            stale = number(one, "observedGeneration", default=wanted) < wanted
            return "Unknown" if stale else text(one, "status")
    return ""


def selects(selector: Any, labels: Any) -> bool:
    """Whether labels satisfy a selector ``{matchLabels, matchExpressions}``, as Kubernetes does it.

    No selector matches nothing, an empty one everything.
    """
    if not isinstance(selector, dict):
        return False
    own = labels if isinstance(labels, dict) else {}
    wanted = selector.get("matchLabels") or {}
    if not isinstance(wanted, dict) or any(value is None or own.get(key) != value for key, value in wanted.items()):
        return False
    return all(holds(expression, own) for expression in maps(selector, "matchExpressions"))


def holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Whether labels satisfy one ``{key, operator, values}``; an unknown operator is satisfied by nothing."""
    key, values = text(expression, "key"), texts(expression, "values")
    match expression.get("operator"):
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case _:
            return False


def ready(thing: Any) -> dict[str, Any]:
    """``{ready, reason}``: whether an object works, and the end of a sentence that says why not (see `unready`).

    Raises:
        CelError: It is an object of a kind that has no ready test.
    """
    reason = unready(thing)
    return {"ready": not reason, "reason": reason}


def unready(thing: Any) -> str:
    """Why an object does not work, "" when it does: ``1 of 3 replicas is available``.

    Raises:
        CelError: It is an object of a kind that has no ready test.
    """
    if thing is None:
        return "it does not exist"
    kind = text(thing, "kind")
    if kind not in _TESTS:
        raise CelError(f"ready() knows {', '.join(_TESTS)}, and no {kind or 'object without a kind'}")
    return _TESTS[kind](thing)


def _unseen(thing: Any) -> str:
    """That the controller of an object has not seen its last change."""
    generation = number(thing, "metadata", "generation")
    observed = number(thing, "status", "observedGeneration")
    return f"generation {generation} is not observed yet, but {observed}" if observed < generation else ""


def _replicas(thing: Any, key: str, word: str) -> str:
    wanted, there = number(thing, "spec", "replicas", default=1), number(thing, "status", key)
    if wanted <= 0:
        return "it is scaled to no replicas"
    return f"{there} of {wanted} replicas {'is' if there == 1 else 'are'} {word}" if there < wanted else ""


def _deployment(thing: Any) -> str:
    return _replicas(thing, "availableReplicas", "available") or _lacks(thing, "Available", why=True) or _unseen(thing)


def _daemon_set(thing: Any) -> str:
    wanted, there = number(thing, "status", "desiredNumberScheduled"), number(thing, "status", "numberReady")
    if wanted <= 0:
        return "no node is meant to run it"
    return f"it is ready on {there} of {wanted} nodes" if there < wanted else _unseen(thing)


def _stateful_set(thing: Any) -> str:
    return _replicas(thing, "readyReplicas", "ready") or _unseen(thing)


def _lacks(thing: Any, *kinds: str, why: bool = False) -> str:
    """That one of the conditions is not True, with its own reason when that is asked for."""
    for kind in kinds:
        status = condition(thing, kind)
        if status != "True":
            reasons = (text(one, "reason") for one in maps(thing, "status", "conditions") if one.get("type") == kind)
            reason = next(reasons, "") if why else ""
            return f"its condition {kind} is {status or 'not set'}" + (f" ({reason})" if reason else "")
    return ""


def _definition(thing: Any) -> str:
    if problem := _lacks(thing, "Established", "NamesAccepted", why=True):
        return problem
    versions = maps(thing, "spec", "versions")
    return "" if any(version.get("served") is True for version in versions) else "no version of it is served"


def _pod(thing: Any) -> str:
    phase = text(thing, "status", "phase")
    if phase != "Running":
        return f"its phase is {phase or 'not set'}"
    waiting = (text(one, "state", "waiting", "reason") for one in maps(thing, "status", "containerStatuses"))
    reason = next(filter(None, waiting), "")
    problem = _lacks(thing, "Ready")
    return f"{problem} ({reason})" if problem and reason else problem


_TESTS: dict[str, Callable[[Any], str]] = {
    "Deployment": _deployment,
    "DaemonSet": _daemon_set,
    "StatefulSet": _stateful_set,
    "CustomResourceDefinition": _definition,
    "APIService": lambda thing: _lacks(thing, "Available", why=True),
    "Pod": _pod,
    "Node": lambda thing: _lacks(thing, "Ready", why=True),
}
