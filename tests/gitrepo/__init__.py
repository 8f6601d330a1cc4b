"""Real git repositories for tests: the programme's, with a base and a branch that submits."""

import os
import shutil
import subprocess
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "submissions"
AUTHOR = ("Ada Corvid", "ada@corvid.example")


class Repository:
    """A repository in a folder, with settings of its own alone."""

    def __init__(self, root):
        self.root = root
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "XDG_CONFIG_HOME": str(root.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(root.parent),
        }

    @classmethod
    def create(cls, root):
        root.mkdir(parents=True, exist_ok=True)
        repository = cls(root)
        repository.git("init", "--quiet", "--initial-branch=main")
        repository.git("config", "user.name", AUTHOR[0])
        repository.git("config", "user.email", AUTHOR[1])
        return repository

    @classmethod
    def programme(cls, root):
        """The programme's checklists and one earlier submission, and a branch called submit."""
        repository = cls.create(root)
        shutil.copytree(FIXTURES / "docs", root / "docs")
        repository.copy("v1.36/corvid")
        repository.write("README.md", "programme\n")
        repository.commit("Begin")
        repository.git("switch", "--quiet", "--create", "submit")
        return repository

    def git(self, *arguments, raw=False, **environment):
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**self.environment, **environment},
            capture_output=True,
            check=True,
        )
        return done.stdout if raw else done.stdout.decode().strip()

    def write(self, name, content=""):
        path = Path(os.fsdecode(os.path.join(os.fsencode(self.root), os.fsencode(name))))  # noqa: PTH118 - bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def copy(self, case):
        shutil.copytree(FIXTURES / case, self.root / case, dirs_exist_ok=True)

    def commit(self, message, *, sign_off=True, add=True, author=None):
        """Everything in the folder, as one commit; gives its name."""
        if add:
            self.git("add", "--all", "--force")
        options = ["--signoff"] if sign_off else []
        options += [f"--author={author}"] if author else []
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}", *options)
        return self.git("rev-parse", "HEAD")

    def submit(self, case="v1.37/corvid"):
        """The branch submits a product; gives the commit."""
        self.copy(case)
        return self.commit(f"Submit {case}")
