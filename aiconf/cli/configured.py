"""Commands that take their settings from a flag, else ``AICONF_*``, else a configuration file, else the default."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from aiconf.cli.output import echo
from aiconf.config import find_config, load_config
from aiconf.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.config import Config

PREFIX = "AICONF"
_FOUND = "aiconf.config"
_PRINT = "aiconf.print"
ONE_OFF = frozenset(
    (
        "config",
        "no-config",
        "print-config",
        "stdin-filename",
        "changed-since",
        "fix",
        "diff",
        "write-baseline",
        "reason",
        "owner",
        "expires",
    )
)
"""Options that say what is done once, and stand in no file."""


class ConfiguredCommand(click.Command):
    """A command whose options may stand in a configuration file, under the same names."""

    def __init__(self, *args: Any, apart: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Take click's arguments, and the keys that mean something else to this command than in the file."""
        self._apart = apart
        kwargs.setdefault("context_settings", {})["auto_envvar_prefix"] = PREFIX
        super().__init__(*args, **kwargs)
        self.params += _options()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Find the settings before the options are read, since they are the options' defaults."""
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        config = _config(given)
        if config is not None:
            ctx.meta[_FOUND] = config
            options = [option for option in self.params if key_of(option) not in self._apart]
            ctx.default_map = dict(_defaults(options, config))
        ctx.meta[_PRINT] = bool(given.get("print_config"))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, or say what it would run with."""
        if ctx.meta[_PRINT]:
            echo("".join(f"{line}\n" for line in _shown(ctx, self.params)))
            return 0
        return super().invoke(ctx)


def _options() -> list[click.Parameter]:
    settings = "Settings, in place of the aiconf.yaml or pyproject.toml that is found."
    path = click.Path(path_type=Path)
    show = "Print every setting and where it comes from, and check nothing."
    return [
        click.Option(["--config"], type=path, metavar="FILE", expose_value=False, help=settings),
        click.Option(["--no-config"], is_flag=True, expose_value=False, help="Look for no settings."),
        click.Option(["--print-config"], is_flag=True, expose_value=False, help=show),
    ]


def key_of(option: click.Parameter) -> str:
    """The name of an option in a configuration file: that of its flag."""
    return max(option.opts, key=len).lstrip("-")


def _config(given: dict[str, Any]) -> Config | None:
    named, unwanted = given.get("config"), given.get("no_config")
    if named and unwanted:
        raise UsageError("--config and --no-config exclude each other")
    if not named and not unwanted:
        named = os.environ.get(f"{PREFIX}_CONFIG")
        unwanted = click.BOOL(os.environ.get(f"{PREFIX}_NO_CONFIG") or "no")
    if named:
        return load_config(Path(named))
    if unwanted:
        return None
    found = next((path for start in _starts(given) if (path := find_config(start))), None)
    return load_config(found, found=True) if found else None


def _starts(given: dict[str, Any]) -> Iterator[str]:
    """Where to look: from the folder that holds all inputs, then from the current one."""
    paths = given.get("paths")
    names = [os.fspath(path) for path in paths] if isinstance(paths, (tuple, list)) else []
    if "-" in names:
        names = [given["stdin_filename"]] if given.get("stdin_filename") else []
    folders = {name if os.path.isdir(name) else os.path.dirname(name) for name in names}  # noqa: PTH112, PTH120 - on the way of every run
    absolute = [os.path.abspath(folder) for folder in folders]  # noqa: PTH100 - as above
    try:
        if absolute:
            yield os.path.commonpath(absolute)
    except ValueError:  # two drives on Windows
        yield from absolute
    yield os.curdir


def _defaults(options: Iterable[click.Parameter], config: Config) -> Iterator[tuple[str, Any]]:
    for option in options:
        key = key_of(option)
        if option.name and key in config.settings:
            yield option.name, _resolved(option, config.settings[key], config.path.parent)


def _resolved(option: click.Parameter, value: Any, folder: Path) -> Any:
    """A setting with its paths, which are relative to the file, as seen from the current folder."""
    if isinstance(value, list):
        return [_resolved(option, item, folder) for item in value]
    if isinstance(option.type, click.Path):
        return _seen_from_here(folder / value)
    if key_of(option) == "format" and "=" in value:
        name, _, file = value.partition("=")
        return f"{name}={_seen_from_here(folder / file)}"
    return value


def _seen_from_here(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive on Windows
        return str(path)


def _shown(ctx: click.Context, options: Iterable[click.Parameter]) -> Iterator[str]:
    rows = [
        (f"{key_of(option)}: {_text(ctx.params.get(option.name))}", _origin(ctx, option))
        for option in options
        if isinstance(option, click.Option) and option.name and key_of(option) not in ONE_OFF
    ]
    width = max(len(setting) for setting, _ in rows)
    return (f"{setting:<{width}}  # {origin}" for setting, origin in rows)


def _text(value: Any) -> str:
    plain = [str(item) for item in value] if isinstance(value, (tuple, list)) else value
    return json.dumps(plain, default=str, ensure_ascii=False)


def _origin(ctx: click.Context, option: click.Option) -> str:
    source = ctx.get_parameter_source(option.name or "")
    if source is ParameterSource.COMMANDLINE:
        return "the command line"
    if source is ParameterSource.ENVIRONMENT:
        return f"the environment, {PREFIX}_{(option.name or '').upper()}"
    if source is ParameterSource.DEFAULT_MAP:
        config: Config = ctx.meta[_FOUND]
        return f"{_seen_from_here(config.path)}:{config.lines[key_of(option)]}"
    return "the default"
