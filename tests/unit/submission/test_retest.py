"""What is said of testing the whole stack again."""

import pytest

from aiconf.submission.retest import RetestReader

IDS = ["gang_scheduling", "gpu_sharing"]


@pytest.fixture
def read(labels, names_on):
    reader = RetestReader(labels.data["retest"], names_on("EKS"), "Acme Stack", IDS)
    return lambda text: list(reader.read(text))


@pytest.mark.parametrize(
    "text",
    [
        "All nine MUST requirements were re-tested on the layered stack.",
        "Every MUST was verified again on the whole stack.",
        "The full conformance suite was rerun on the combined platform.",
        "We retested the product against AI conformance.",
        "All 9 MUST requirements were evidenced on the layered cluster, not on a bare one.",
        "The complete stack passed. All required features were covered.",
        "## Re-test\n\nAll MUSTs passed on our test cluster.",
        "# Re-test\n- all MUST requirements were run\n- logs are attached",
    ],
)
def test_a_re_test_of_everything_is_told(read, text):
    (found,) = read(text)
    assert found.every_must, found


@pytest.mark.parametrize(
    "text",
    [
        "A layered product must be re-tested for full AI conformance.",
        "The stack will be re-tested for every MUST.",
        "The product was not re-tested.",
        "It has never been retested on the whole stack.",
        "No re-test was made.",
        "A re-test is planned.",
        "## Re-test\n\nTo follow.",
        "EKS was tested by its vendor.",
        "All MUST requirements are met.",
        "## Tests\n\nAll MUSTs passed on EKS.",
        "",
    ],
)
def test_what_tells_of_no_re_test_is_none(read, text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "requirements"),
    [
        ("`gang_scheduling` was re-tested on the layered stack. gpu_sharing is fine.", ("gang_scheduling",)),
        ("Gang scheduling and GPU sharing were re-tested.", ("gang_scheduling", "gpu_sharing")),
        ("## Re-test\n\n|Requirement|Result|\n|-|-|\n|gpu_sharing|passed|", ("gpu_sharing",)),
    ],
)
def test_a_re_test_of_some_names_them(read, text, requirements):
    (found,) = read(text)
    assert not found.every_must
    assert found.requirements == requirements


@pytest.mark.parametrize(
    ("text", "kubernetes", "product"),
    [
        ("The stack was re-tested on EKS v1.34.", ("v1.34",), ()),
        ("The stack was re-tested (Kubernetes 1.35, Acme Stack 4.2.1).", ("v1.35",), ("4.2.1",)),
        ("The stack was re-tested on EKS (version 1.35) with Kueue 1.34.", ("v1.35",), ()),
        ("The stack was re-tested with Acme Stack release v4.2.", (), ("4.2",)),
        ("The stack was re-tested on EKS.", (), ()),
    ],
)
def test_versions_are_those_of_kubernetes_the_base_and_the_product(read, text, kubernetes, product):
    (found,) = read(text)
    assert (found.kubernetes, found.product_versions) == (kubernetes, product)


def test_the_place_is_that_of_the_sentence(read):
    text = "# Acme\n\nIntro. The stack was re-tested. More."
    (found,) = read(text)
    assert text[found.start : found.end].strip() == found.text == "The stack was re-tested."
