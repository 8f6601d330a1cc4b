"""What is said of the base is found, and what is innocent is not.

The decision is that of ``rules/layered.yaml``; it is held here to floors on labelled sentences.
"""

import json
import time
from pathlib import Path

import pytest
import re2

from aiconf.catalog.load import load_catalog
from aiconf.catalog.wording import compile_wording
from aiconf.submission.lexicon import Lexicon, Names, Table, _words
from aiconf.submission.prose import split_sentences
from aiconf.submission.wording import read_sentences, sentence_facts

ROOT = Path(__file__).parents[3]
FAULTS = ("deficiency", "comparison")


@pytest.fixture(scope="session")
def judge(lexicon, names_on):
    """Whether a text says something of its base that it should not."""
    catalog = load_catalog()
    rules = [catalog.validation(id_) for id_ in ("layered/deficiency_framed", "layered/comparative_claim")]
    programs = [rule.expression.program for rule in rules if rule and rule.expression]
    assert len(programs) == len(rules)
    names: dict[str, Names] = {}

    def says(text, base="EKS"):
        known = names.setdefault(base, names_on(base))
        marked = read_sentences(lexicon, known, split_sentences(text))
        facts = [sentence_facts(lexicon, one, "", None) for one in marked]
        return any(not program.evaluate({"item": item}) for item in facts for program in programs)

    return says


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def score(judge, sentences):
    """Precision, recall, and what went wrong."""
    wrong = []
    hits = found = wanted = 0
    for row in sentences:
        fault, said = row["label"] in FAULTS, judge(row["sentence"], row.get("base") or "EKS")
        hits, found, wanted = hits + (fault and said), found + said, wanted + fault
        if fault != said:
            wrong.append(row["sentence"])
    return hits / max(found, 1), hits / max(wanted, 1), wrong


@pytest.fixture(scope="session")
def corpus():
    return rows(ROOT / "fixtures" / "wording" / "sentences.jsonl")


def test_the_corpus_is_large_balanced_and_without_doubles(corpus):
    assert len({row["sentence"] for row in corpus}) == len(corpus) > 1000
    faults = sum(row["label"] in FAULTS for row in corpus)
    assert 0.4 < faults / len(corpus) < 0.6
    assert len({row["base"] for row in corpus}) > 15


def test_precision_and_recall_do_not_fall(judge, corpus):
    precision, recall, wrong = score(judge, [row for row in corpus if not row["held_out"]])
    assert precision >= 0.98, wrong
    assert recall >= 0.93, wrong


def test_sentences_never_tuned_on_are_judged_nearly_as_well(judge, corpus):
    precision, recall, wrong = score(judge, [row for row in corpus if row["held_out"]])
    assert precision >= 0.9, wrong
    assert recall >= 0.82, wrong


def test_labelled_sentences_are_judged_right(judge, upstream):
    gold = [row for row in rows(upstream.parent / "gold" / "adversarial.jsonl") if not row.get("borderline")]
    precision, recall, wrong = score(judge, gold)
    assert precision >= 0.97, wrong
    assert recall >= 0.92, wrong


def test_real_sentences_raise_no_false_alarm(judge, upstream):
    gold = [row for row in rows(upstream.parent / "gold" / "sentences.jsonl") if not row.get("borderline")]
    precision, recall, wrong = score(judge, gold)
    assert (precision, recall) == (1, 1), wrong


@pytest.mark.parametrize(
    "text",
    [
        "EKS provides nodes. It has no notion of a job.",
        "EKS runs on a laptop. Beyond that it runs out of steam.",
        "Does EKS have a gang scheduler? There is not a trace of it.",
        "EKS provides the kernel and leaves the rest to its users.",
        "EKS provides nodes, and it cannot tell one GPU from another.",
        "EKS, which the layer runs on, lacks a gang scheduler.",
        "Gang scheduling is not offered by EKS.",
        "Unlike EKS, the layer schedules jobs.",
        "**EKS** does not\nproduce these.",
        "| gang_scheduling | EKS has none; KAI Scheduler does it |",
        "The underlying distribution leaves this to its users.",
        "Out of the box, EKS has no exporter.",
        "A gap this product was written to fill.",
    ],
)
def test_subjects_are_resolved(judge, text):
    assert judge(text)


@pytest.mark.parametrize(
    "text",
    [
        "No base component is modified.",
        "A pod without a claim sees no device.",
        "Not applicable because the base owns it.",
        "EKS does not require a licence.",
        "EKS and Acme share one exporter but not its rules.",
        "Acme reads what EKS exports and never writes to it.",
        "EKS provides the API. There is not a second one.",
        "The gap between requested and used memory on EKS is exported.",
        "Our product does not support EKS Fargate.",
        "EKS provides the API, Acme the driver.",
        "`EKS cannot do this` is what the log says.",
        "<!-- EKS cannot do this -->",
        "See https://example.com/eks-does-not-support-gangs for details.",
        "It never evicts a running pod.",
    ],
)
def test_innocent_negations_stay_silent(judge, text):
    assert not judge(text)


def test_marks_point_at_the_words(lexicon, names_on):
    text = "Intro.\n\nThe   base EKS cluster does\nnot produce these."
    *_, marked = read_sentences(lexicon, names_on("EKS"), split_sentences(text))
    facts = sentence_facts(lexicon, marked, "/spec/a/0/notes", "accelerator_metrics")
    mark = next(m for m in facts["marks"] if m["kind"] == "lack")
    assert text[mark["start"] : mark["end"]] == "does\nnot produce"
    assert (mark["text"], mark["subject"], mark["tie"]) == ("does not produce", "base", "subject")
    assert (facts["pointer"], facts["requirement"]) == ("/spec/a/0/notes", "accelerator_metrics")
    assert facts["text"] == "The base EKS cluster does not produce these."
    assert "base" in facts["speaks_of"]


def test_a_pronoun_does_not_reach_across_paragraphs(judge):
    assert judge("EKS runs pods. It lacks gangs.")
    assert not judge("EKS runs pods.\n\nIt lacks gangs.")


def test_a_base_unknown_to_the_catalog_is_the_base_all_the_same(judge):
    assert judge("Foo Platform lacks a gang scheduler.", "Foo Platform")


def test_names_are_no_parts_of_words(names_on):
    assert [kind for kind, *_ in names_on("EKS").find("EKSctl, xEKS and EKS")] == ["base"]


def test_no_names_are_found_by_nobody():
    assert list(Names({}).find("EKS")) == []


def tables(lexicon):
    return {name: table for name, table in vars(lexicon).items() if isinstance(table, Table)} | {
        f"stage {number}": stage for number, stage in enumerate(lexicon._stages)
    }


def test_no_pattern_matches_the_empty_text(lexicon):
    for table in tables(lexicon).values():
        for pattern in table._patterns:
            assert not re2.compile(pattern).search(""), pattern


def test_a_pattern_passed_over_for_want_of_its_words_would_not_have_matched(lexicon, names_on, corpus):
    compiled = {name: [re2.compile(p) for p in table._patterns] for name, table in tables(lexicon).items()}
    for row in corpus[::20]:
        overlay = lexicon.overlay(row["sentence"], names_on(row["base"]))
        for name, table in tables(lexicon).items():
            candidates = set(table.candidates(_words(overlay)))
            for number, pattern in enumerate(compiled[name]):
                match = None if number in candidates else pattern.search(overlay)
                assert match is None or match.end() == match.start(), (table._patterns[number], overlay)


def test_a_sentence_passed_over_says_nothing_of_a_platform(lexicon, names_on, corpus):
    for row in corpus[::10]:
        names = names_on(row["base"])
        if not lexicon.may_tell(row["sentence"], names, "none"):
            overlay = lexicon.overlay(row["sentence"], names)
            assert not any(map(lexicon.is_platform, lexicon.tags_in(overlay))), overlay
            assert not list(lexicon.lone_cues.find(overlay)), overlay


def test_a_new_wording_is_a_line_of_data(names_on):
    from tests.unit.submission.conftest import data  # noqa: PLC0415 - the raw data is needed here only

    words = data("rules/wording")
    words["cues"].append({"kind": "lack", "strength": "strong", "words": ["frobs( not)?"]})
    (marked,) = read_sentences(Lexicon(compile_wording(words)), names_on("EKS"), split_sentences("EKS frobs."))
    assert [mark.subject for mark in marked.marks] == ["base"]


@pytest.mark.parametrize("unit", ["EKS does not, ", "EKS EKS ", "not ", "(EKS) ", "it, which ", "no EKS; ", "a"])
def test_hostile_sentences_take_time_in_proportion(lexicon, names_on, unit):
    text = (unit * 100_000)[:200_000]
    start = time.process_time()
    for _ in read_sentences(lexicon, names_on("EKS"), split_sentences(text)):
        pass
    assert time.process_time() - start < 30
