"""Evaluates the catalog's policies over the facts of a snapshot: of each requirement its result and its proof. Pure.

A validation gives true, false, or null, which is "the snapshot cannot tell". From these follows the result:

- an expression that cannot be evaluated makes it an error, never anything else;
- something refuted makes it a fail. A validation that proves ``demonstrated`` refutes nothing: a behaviour that left no
  trace may have happened;
- shown as strongly as the policy's ``pass_needs``, with nothing in doubt that could refute it, it is a pass;
- everything else is inconclusive.

What was not read (an omission) can neither refute by its absence nor rule out that something stands against it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import CelError
from aiconf.evaluation import Evaluation
from aiconf.model import CheckError, Finding, Level, Proof, Result, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiconf.catalog.runtime import RuleFile, Validation

_PROOFS = list(Proof)
# Rows and reasons are read by people; a thousand pods that say the same help nobody.
_MOST_OBJECTS = 50
_MOST_FINDINGS = 50
_OMISSIONS_NAMED = 3


class Step(NamedTuple):
    """What one validation came to.

    Attributes:
        validation: The validation.
        holds: True, False, or None where the snapshot cannot tell.
        texts: What is to be said: its reason when it holds, a message for each item that refutes it or is in doubt.
        objects: The references it cites.
        refuting: The items that are false.
    """

    validation: Validation
    holds: bool | None
    texts: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    refuting: tuple[Any, ...] = ()


class Judgement(NamedTuple):
    """What a snapshot shows of one requirement.

    Attributes:
        id: The requirement.
        result: What is concluded.
        proof: How strongly it is shown, whatever the result.
        component: What meets it, None when nothing is named.
        objects: The references of the objects that show or refute it, each once.
        reasons: Why the result is what it is.
        findings: What is refuted, at the snapshot's first line.
        errors: What could not be evaluated.
        steps: What each validation came to; none when the policy does not apply.
        variables: The values of the variables that were evaluated.
    """

    id: str
    result: Result
    proof: Proof
    component: str | None = None
    objects: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[CheckError, ...] = ()
    steps: tuple[Step, ...] = ()
    variables: Mapping[str, Any] = {}


def judge(
    policy: RuleFile, facts: Mapping[str, Any], path: str, level: Level | None = None, *, reference: bool = False
) -> Judgement:
    """Hold a snapshot against one policy.

    Args:
        policy: The policy.
        facts: What its expressions see; ``omissions`` among them.
        path: The snapshot, as findings name it.
        level: The requirement's level; what refutes a SHOULD is a warning at most.
        reference: Evaluate with the reference engine.
    """
    return _Judge(policy, facts, path, level, reference=reference).judge()


class _Judge(Evaluation):
    def __init__(
        self, policy: RuleFile, facts: Mapping[str, Any], path: str, level: Level | None, *, reference: bool
    ) -> None:
        super().__init__(facts, reference=reference)
        self.policy, self.path, self.level = policy, path, level
        self.errors: list[CheckError] = []

    def judge(self) -> Judgement:
        try:
            unmet = self.unmet(self.policy)
        except CelError as error:
            return self._error([CheckError(self.policy.id, self.path, error.message)])
        if unmet:
            reason = unmet.message.render(self.bindings) if unmet.message else f"{_words(unmet.name)} does not hold."
            return Judgement(self.policy.id, Result.NOT_APPLICABLE, Proof.NONE, reasons=(reason,))
        steps = [step for validation in self.policy.validations if (step := self._step(validation))]
        component = self._component()
        if self.errors:
            return self._error(self.errors, steps)
        return self._conclude(steps, component)

    def _error(self, errors: Sequence[CheckError], steps: Sequence[Step] = ()) -> Judgement:
        return Judgement(
            self.policy.id,
            Result.ERROR,
            Proof.NONE,
            reasons=tuple(f"Could not be checked: {error.message}." for error in errors),
            errors=tuple(errors),
            steps=tuple(steps),
            variables=self.variables,
        )

    def _conclude(self, steps: Sequence[Step], component: str | None) -> Judgement:
        proof = max((s.validation.proves for s in steps if s.holds and s.validation.proves), key=_PROOFS.index,
                    default=Proof.NONE)  # fmt: skip
        refuted = [s for s in steps if s.holds is False and s.validation.proves is not Proof.DEMONSTRATED]
        in_doubt = [s for s in steps if s.holds is None]
        if refuted:
            result, decisive = Result.FAIL, refuted
        elif self._shown(proof) and all(s.validation.proves for s in in_doubt):
            result, decisive = Result.PASS, [s for s in steps if s.holds]
        else:
            result, decisive = Result.INCONCLUSIVE, [s for s in steps if s.holds or s.holds is None]
            decisive += [s for s in steps if s.holds is False]
        # What was refuted is what there is to look at; otherwise what shows it.
        cited = refuted or [s for s in steps if s.holds] or in_doubt
        return Judgement(
            self.policy.id,
            result,
            proof,
            component,
            tuple(islice(_once(ref for step in cited for ref in step.objects), _MOST_OBJECTS)),
            _once(text for step in decisive for text in step.texts),
            tuple(self._findings(refuted)),
            steps=tuple(steps),
            variables=self.variables,
        )

    def _shown(self, proof: Proof) -> bool:
        return _PROOFS.index(proof) >= _PROOFS.index(self.policy.pass_needs)

    def _component(self) -> str | None:
        if self.policy.component is None:
            return None
        try:
            self.define(self.policy.variables)
            value = self.value(self.policy.component, self.bindings)
        except CelError as error:
            self.errors.append(CheckError(self.policy.id, self.path, error.message))
            return None
        return value if isinstance(value, str) and value else None

    def _step(self, validation: Validation) -> Step | None:
        try:
            self.define(validation.variables)
            items = self.items(validation)
            outcomes = [(item, self._holds(validation, item)) for item in items]
            return self._with_texts(validation, outcomes)
        except CelError as error:
            self.errors.append(CheckError(validation.id, self.path, error.message))
            return None

    def _holds(self, validation: Validation, item: Any) -> bool | None:
        if validation.expression is None:
            raise CelError(f"{validation.id} has no expression")
        bindings = self.with_item(item)
        value = self.value(validation.expression, bindings)
        if value is False and validation.inconclusive_when is not None:
            return None if self.boolean(validation.inconclusive_when, bindings) else False
        if value is None or isinstance(value, bool):
            return value
        expression = validation.expression
        raise CelError(f"{expression.path}:{expression.line}: the expression gives none of true, false and null")

    def _with_texts(self, validation: Validation, outcomes: Sequence[tuple[Any, bool | None]]) -> Step:
        objects = tuple(self._objects(validation))
        holds = _together([holds for _, holds in outcomes], proves=validation.proves is not None)
        if holds is False and validation.proves is None:
            refuting = tuple(item for item, one in outcomes if one is False)
            return Step(validation, holds, self._messages(validation, refuting), objects, refuting)
        is_absence = holds is False or (holds is True and validation.proves is None)
        if is_absence and (hidden := self._hidden(validation)):
            return Step(validation, None, (hidden,), objects)
        if holds is True:
            reason = (validation.reason.render(self.bindings),) if validation.reason else ()
            return Step(validation, holds, reason, objects)
        items = tuple(item for item, one in outcomes if one is holds)
        texts = self._messages(validation, items or (None,))
        return Step(validation, holds, texts, objects, items if holds is False else ())

    def _messages(self, validation: Validation, items: Iterable[Any]) -> tuple[str, ...]:
        messages = (validation.message.render(self.with_item(item)) for item in items)
        return tuple(islice(messages, _MOST_FINDINGS))

    def _objects(self, validation: Validation) -> Iterable[str]:
        if validation.objects is None:
            return ()
        value = self.value(validation.objects, self.bindings)
        return _once(_references(value))

    def _hidden(self, validation: Validation) -> str:
        """Names what was not read of the kinds a validation needs; empty when all was."""
        missing = [entry for entry in self.bindings["omissions"] or () if _concerns(entry, validation.needs)]
        if not missing:
            return ""
        named = _once(map(_omitted, missing))
        more = f" and {len(named) - _OMISSIONS_NAMED} more" if len(named) > _OMISSIONS_NAMED else ""
        return f"The snapshot does not hold {', '.join(named[:_OMISSIONS_NAMED])}{more}."

    def _findings(self, refuted: Sequence[Step]) -> Iterable[Finding]:
        for step in refuted:
            validation = step.validation
            severity = validation.severity
            if self.level is not Level.MUST and severity is Severity.ERROR:
                severity = Severity.WARNING
            for item, message in zip(step.refuting or (None,), step.texts, strict=False):
                yield Finding(
                    id=validation.id,
                    severity=severity,
                    authority=validation.authority,
                    message=message,
                    path=self.path,
                    line=1,
                    column=1,
                    pointer="",
                    requirement=self.policy.id,
                    remediation=validation.remediation.render(self.with_item(item)),
                    sources=validation.source,
                )


def _together(outcomes: Sequence[bool | None], *, proves: bool) -> bool | None:
    """What the items come to: one refutes all, one in doubt leaves all in doubt, and nothing at all proves nothing."""
    if False in outcomes:
        return False
    if None in outcomes or (proves and not outcomes):
        return None
    return True


def _concerns(entry: Mapping[str, Any], kinds: Iterable[str]) -> bool:
    group = entry["group"] or ""
    if entry["kind"] is None:
        return entry["group"] is None or any(kind.partition(".")[2] == group for kind in kinds)
    return (f"{entry['kind']}.{group}" if group else entry["kind"]) in kinds


def _omitted(entry: Mapping[str, Any]) -> str:
    what = entry["resource"] or entry["kind"] or "something"
    # Of what is not known by its kind, the message alone says what it was.
    message = entry.get("message") if what == "something" else None
    return f"{what} ({entry['reason']}: {message})" if message else f"{what} ({entry['reason']})"


def _references(value: Any) -> Iterable[str]:
    """References in whatever a policy cites: texts, objects, facts with ``ref`` or ``objects``, lists of them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        if isinstance(value.get("ref"), str):
            yield value["ref"]
        elif isinstance(value.get("objects"), list):
            yield from _references(value["objects"])
        elif isinstance(meta := value.get("metadata"), dict):
            place = "/".join(part for part in (meta.get("namespace"), meta.get("name")) if part)
            yield f"{value.get('apiVersion')} {value.get('kind')} {place}"


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
