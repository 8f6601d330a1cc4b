"""Webhooks and aggregated APIs work when something answers that may be called."""

import pytest

from tests.clusters import api_service, endpoint_slice, namespace, pod, service, webhooks

HOOK = service("hook", "ops")
API = "v1beta1.custom.metrics.k8s.io"


def hooked(ready=1, *, slices=True, **more):
    return [
        HOOK,
        *([endpoint_slice(HOOK, ready=ready)] if slices else []),
        webhooks("w", HOOK, "ray.io", ["rayclusters"], **more),
    ]


@pytest.fixture
def webhook(cluster_fact):
    def go(*objects, change=None, **more):
        if change:
            change(objects[-1]["webhooks"][0])
        (found,) = cluster_fact("webhooks", *objects, **more)
        return found

    return go


def test_endpoints_are_counted(cluster_fact):
    other, empty = service("other", "ops"), service("empty", "ops")
    slices = [endpoint_slice(HOOK, ready=2, unready=1), endpoint_slice(other, ready=0, unready=3)]
    found = cluster_fact("endpoints", HOOK, other, empty, *slices)
    assert found == {"ops/empty": 0, "ops/hook": 2, "ops/other": 0}


def test_an_endpoint_that_does_not_say_whether_it_is_ready_is(cluster_fact):
    one = endpoint_slice(HOOK)
    del one["endpoints"][0]["conditions"]["ready"]
    assert cluster_fact("endpoints", HOOK, one) == {"ops/hook": 1}
    one["endpoints"][0]["conditions"] = None
    assert cluster_fact("endpoints", HOOK, one) == {"ops/hook": 1}


def test_an_endpoint_of_two_address_families_is_one(cluster_fact):
    pods = [pod("a", "ops"), pod("b", "ops")]
    four, six = endpoint_slice(HOOK, pods), endpoint_slice(HOOK, pods)
    six["metadata"]["name"] += "-6"
    six["addressType"] = "IPv6"
    assert cluster_fact("endpoints", HOOK, four, six) == {"ops/hook": 2}


def test_a_webhook_has_all_its_facts(webhook):
    assert webhook(*hooked()) == {
        "ref": "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration w",
        "kind": "validating",
        "configuration": "w",
        "name": "vrayclusters.kb.io",
        "groups": ["ray.io"],
        "resources": ["rayclusters"],
        "operations": ["CREATE", "UPDATE"],
        "service": "ops/hook",
        "url": None,
        "endpoints": 1,
        "ca_bundle": True,
        "failure_policy": "Fail",
        "excludes_everything": False,
        "works": True,
        "reason": "",
    }


@pytest.mark.parametrize(
    ("objects", "works", "reason"),
    [
        (hooked(0), False, "Service ops/hook has no ready endpoints"),
        (hooked(slices=False), False, "Service ops/hook has no ready endpoints"),
        (hooked()[1:], False, "Service ops/hook has no ready endpoints"),
        (hooked()[2:], False, "Service ops/hook has no ready endpoints"),
        (hooked(bundle=""), False, "its caBundle is empty"),
        (hooked(policy="Ignore", mutating=True), True, ""),
    ],
)
def test_a_webhook_works_when_something_answers(webhook, objects, works, reason):
    found = webhook(*objects)
    assert (found["works"], found["reason"]) == (works, reason)


def test_endpoints_that_could_not_be_read_leave_it_open(webhook, omitted):
    hidden = omitted("EndpointSlice", "discovery.k8s.io")
    found = webhook(*hooked(slices=False), omissions=[hidden])
    assert (found["works"], found["endpoints"]) == (None, None)
    assert found["reason"] == "the endpoints of Service ops/hook could not be read"


def test_a_webhook_elsewhere_cannot_be_told(webhook):
    def elsewhere(hook):
        hook["clientConfig"] = {"url": "https://hooks.example/validate"}

    found = webhook(*hooked(), change=elsewhere)
    assert (found["works"], found["url"], found["service"]) == (None, "https://hooks.example/validate", None)


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("rules", [], "its rules name no resources"),
        (
            "rules",
            [{"apiGroups": ["ray.io"], "operations": ["CREATE"], "resources": []}],
            "its rules name no resources",
        ),
        ("matchConditions", [{"name": "a", "expression": " false "}], "one of its match conditions is never met"),
        (
            "objectSelector",
            {"matchExpressions": [{"key": "a", "operator": "In", "values": []}]},
            "its objectSelector matches nothing",
        ),
        (
            "objectSelector",
            {"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]},
            "its objectSelector matches nothing",
        ),
        (
            "objectSelector",
            {"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["2"]}]},
            "its objectSelector matches nothing",
        ),
        ("namespaceSelector", {"matchLabels": {"no": "such"}}, "its namespaceSelector matches no namespace"),
        ("clientConfig", {}, "it names nothing to call"),
    ],
)
def test_a_webhook_that_is_never_called_does_not_work(webhook, part, value, reason):
    found = webhook(namespace("default"), *hooked(), change=lambda hook: hook.update({part: value}))
    assert (found["works"], found["reason"]) == (False, reason)
    assert found["excludes_everything"] is (part != "clientConfig")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("namespaceSelector", {"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}),
        ("namespaceSelector", {"matchExpressions": [{"key": "x", "operator": "NotIn", "values": ["y"]}]}),
        (
            "objectSelector",
            {"matchLabels": {"any": "label"}, "matchExpressions": [{"key": "any", "operator": "Exists"}]},
        ),
        ("matchConditions", [{"name": "a", "expression": "object.spec.x != false"}]),
    ],
)
def test_a_webhook_that_is_called_for_some_works(webhook, part, value):
    assert webhook(namespace("default"), *hooked(), change=lambda hook: hook.update({part: value}))["works"] is True


def test_namespaces_that_could_not_be_read_do_not_exclude(webhook, omitted):
    def narrow(hook):
        hook["namespaceSelector"] = {"matchLabels": {"no": "such"}}

    assert webhook(namespace("default"), *hooked(), change=narrow, omissions=[omitted("Namespace")])["works"] is True


@pytest.mark.parametrize(
    ("objects", "works", "reason"),
    [
        ([HOOK, endpoint_slice(HOOK), api_service(API, of=HOOK)], True, ""),
        (
            [HOOK, endpoint_slice(HOOK, ready=0), api_service(API, of=HOOK)],
            False,
            "nothing answers behind Service ops/hook",
        ),
        (
            [HOOK, endpoint_slice(HOOK), api_service(API, of=HOOK, available=False, reason="MissingEndpoints")],
            False,
            "its condition Available is False (MissingEndpoints)",
        ),
        ([api_service("v1.apps")], True, ""),
    ],
)
def test_an_aggregated_api_works_when_it_is_available_and_answered(cluster_fact, objects, works, reason):
    (found,) = cluster_fact("api_services", *objects)
    assert (found["works"], found["reason"]) == (works, reason)


def test_an_aggregated_api_has_all_its_facts(cluster_fact):
    (found,) = cluster_fact("api_services", HOOK, endpoint_slice(HOOK, ready=2), api_service(API, of=HOOK))
    assert found == {
        "name": API,
        "ref": f"apiregistration.k8s.io/v1 APIService {API}",
        "group": "custom.metrics.k8s.io",
        "version": "v1beta1",
        "available": True,
        "service": "ops/hook",
        "endpoints": 2,
        "works": True,
        "reason": "",
    }
