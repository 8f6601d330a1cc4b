"""The command line: the only part that touches standard streams, the environment and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from aiconf.errors import AiconfError, ExitCode

# name -> module; a command's module is imported when it runs, since start-up is part of the product.
COMMANDS = {
    "lint": "aiconf.cli.lint",
    "check": "aiconf.cli.check",
    "snapshot": "aiconf.cli.snapshot",
    "diff": "aiconf.cli.diff",
    "layers": "aiconf.cli.layers",
    "verify": "aiconf.cli.verify",
    "list": "aiconf.cli.list",
    "explain": "aiconf.cli.explain",
    "schema": "aiconf.cli.schema",
    "test": "aiconf.cli.test",
}
# Called by programs alone.
_HIDDEN = {"action": "aiconf.cli.action"}
_EPILOG = """\b
Exit codes, the same for every command and format:
  0    nothing at or above --fail-on
  1    findings, or a MUST whose result is fail
  2    could not check (usage, configuration, unreadable input, a rule that failed)
  3    nothing was checked
  130  interrupted
"""


class _Commands(click.Group):
    """Loads a command's module on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        module = COMMANDS.get(cmd_name) or _HIDDEN.get(cmd_name)
        return import_module(module).command if module else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS | _HIDDEN and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"there is no command '{args[0]}'.{hint} Commands: {', '.join(COMMANDS)}.")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aiconf", prog_name="aiconf")
def cli() -> None:
    """Check submissions to the CNCF Kubernetes AI Conformance programme before a reviewer does."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Nearly everything that is made lives until the end; looking for garbage in it is a tenth of a short run.
    gc.set_threshold(100_000, 50, 50)
    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """End the process at once: taking the interpreter apart is a tenth of a short run, and nothing waits for it."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:  # the slow way reports what could not be written
        sys.exit(code)
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line on ``arguments`` and give its exit code; nothing else escapes."""
    try:
        result = cli.main(arguments, prog_name="aiconf", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return ExitCode.COULD_NOT_CHECK
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return ExitCode.INTERRUPTED
    except AiconfError as error:
        click.echo(f"error: {error}", err=True)
        return ExitCode.COULD_NOT_CHECK
    except BrokenPipeError:
        # The reader has gone, as in `aiconf list | head`; a second attempt at exit must not complain either.
        sys.stdout = None
        return ExitCode.OK
    return result if isinstance(result, int) else ExitCode.OK
