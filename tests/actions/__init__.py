"""Runs a composite action as GitHub's runner does: its steps in order, with its files, variables and expressions.

What is modelled is documented under "Metadata syntax for GitHub Actions" and "Contexts"; an expression that is not
understood is an error here, never an empty text.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Run:
    """What came of a run."""

    outputs: dict[str, str]
    log: str
    summary: str
    conclusion: str
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def annotations(self):
        return [line for line in self.log.splitlines() if line.startswith(("::error", "::warning", "::notice"))]

    @property
    def report(self):
        return json.loads(Path(self.outputs["report"]).read_text(encoding="utf-8"))


class Runner:
    """A runner with one job.

    Args:
        workspace: The checkout that the job works on.
        scratch: For what the runner keeps beside it.
        environment: Variables of the workflow, over a small set that every runner has.
    """

    def __init__(self, workspace, scratch, **environment):
        self.workspace, self.scratch = workspace, scratch
        (scratch / "temp").mkdir(parents=True, exist_ok=True)
        (scratch / "home").mkdir(exist_ok=True)
        kept = ("PATH", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONFIG_FILE", "PIP_CERT")
        proxies = ("HTTPS_PROXY", "HTTP_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "XDG_CACHE_HOME")
        self.environment = {
            **{name: os.environ[name] for name in (*kept, *proxies) if name in os.environ},
            "HOME": str(scratch / "home"),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "programme/registry",
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(scratch / "temp"),
            **environment,
        }

    def run(self, action, event, *, token="", **inputs):
        """Run the action at a path with its inputs (``_`` for ``-`` in their names)."""
        definition = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= definition["inputs"].keys()
        contexts = {"github": {"token": token}, "steps": {}}
        contexts["inputs"] = {
            name: given.get(name, _resolved(str(entry.get("default", "")), contexts))
            for name, entry in definition["inputs"].items()
        }
        event_file = self.scratch / "event.json"
        event_file.write_text(json.dumps(event), encoding="utf-8")
        summary = self.scratch / "summary.md"
        summary.write_text("", encoding="utf-8")
        result = Run({}, "", "", "success")
        variables: dict[str, str] = {}
        for index, step in enumerate(definition["runs"]["steps"]):
            assert step.keys() <= {"name", "id", "shell", "run", "env"}, "the harness knows no more"
            assert step["shell"] == "bash"
            if result.conclusion == "failure":
                break
            files = {name: self.scratch / f"{name}-{index}" for name in ("GITHUB_OUTPUT", "GITHUB_ENV")}
            for file in files.values():
                file.write_text("", encoding="utf-8")
            script = self.scratch / f"step-{index}.sh"
            # The runner pastes expressions into the script: there must be none.
            script.write_text(step["run"], encoding="utf-8")
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
                cwd=self.workspace,
                env={
                    **self.environment,
                    **variables,
                    **{name: _resolved(value, contexts) for name, value in step.get("env", {}).items()},
                    **{name: str(file) for name, file in files.items()},
                    "GITHUB_ACTION_PATH": str(action),
                    "GITHUB_EVENT_PATH": str(event_file),
                    "GITHUB_STEP_SUMMARY": str(summary),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=300,
            )
            result.log += done.stdout.decode()
            result.codes[step["id"]] = done.returncode
            contexts["steps"][step["id"]] = {"outputs": _read(files["GITHUB_OUTPUT"])}
            variables |= _read(files["GITHUB_ENV"])
            if done.returncode:
                result.conclusion = "failure"
        result.summary = summary.read_text(encoding="utf-8")
        result.outputs = {name: _resolved(entry["value"], contexts) for name, entry in definition["outputs"].items()}
        return result


def _resolved(text, contexts):
    def value(match):
        found = contexts
        for part in match[1].split("."):
            assert re.fullmatch(r"[A-Za-z_][\w-]*", part), f"the harness does not understand {match[0]}"
            found = found.get(part, "") if isinstance(found, dict) else ""
        assert isinstance(found, str), f"{match[0]} is no text"
        return found

    return _EXPRESSION.sub(value, text)


def _read(file):
    """The values of an environment file: ``name=value``, or ``name<<MARK``, lines, ``MARK``."""
    values, lines = {}, iter(file.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if (match := re.fullmatch(r"([\w-]+)<<(.+)", line)) is not None:
            inner = []
            for text in lines:
                if text == match[2]:
                    break
                inner.append(text)
            values[match[1]] = "\n".join(inner)
        elif line:
            name, _, value = line.partition("=")
            values[name] = value
    return values
