"""Write the reference pages that follow from the code: ``settings.md`` and ``cli.md``. Run it by ``make reference``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args

import click
from pydantic.fields import FieldInfo

from config.settings import Settings, variable
from worker.cli import cli

WRITTEN: Final = "<!-- Written by docs/reference.py from the code: `make reference` writes it anew. -->"

SETTINGS_HEAD: Final = f"""# Settings

{WRITTEN}

All settings are environment variables. They are read once, when a command or a worker starts; an empty value counts as
unset. A value that cannot be used ends the command with status 2 and the variable's name. Memory is in mebibytes,
times are in seconds.

| variable | default | values | meaning |
|---|---|---|---|
"""

CLI_HEAD: Final = f"""# Command line

{WRITTEN}

Exit status of all commands: 0, it is done; 1, it could not be done, and stderr says why in one line; 2, wrong usage or
a setting that cannot be used; 3, it is done, but some of the answers are failures. Answers and data go to stdout, all
else to stderr. `--help` says what stands here. [Settings](settings.md) come from the environment.

| command | what it does |
|---|---|
"""


def settings_page() -> str:
    """Return the page of all settings, in Markdown, in the order of `Settings`."""
    rows = (
        f'| <a id="{variable(name).lower()}"></a>`{variable(name)}` | {_default(field)} | {_values(field)} '
        f"| {_one_line(field.description or '')} |"
        for name, field in Settings.model_fields.items()
    )
    return SETTINGS_HEAD + "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    if field.default is None:
        return "unset"
    return f"`{field.default}`" if field.default != "" else "empty"


def _values(field: FieldInfo) -> str:
    kinds = [kind for kind in (get_args(field.annotation) or (field.annotation,)) if kind is not NoneType]
    kind = _bare(kinds[0])
    if issubclass(kind, StrEnum):
        return ", ".join(f"`{member}`" for member in kind)
    return {int: "whole number", float: "number"}.get(kind, "text") + _bounds(field)


def _bare(kind: Any) -> type[Any]:
    return kind if isinstance(kind, type) else _bare(get_args(kind)[0])


def _bounds(field: FieldInfo) -> str:
    words = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}
    found = ((name, getattr(bound, name, None)) for bound in field.metadata for name in words)
    return "".join(f" {words[name]} {value}" for name, value in found if value is not None)


def cli_page() -> str:
    """Return the page of all commands, in Markdown, in the order of the command line."""
    context = click.Context(cli, info_name="pagefacts", **cli.context_settings)
    commands = list(_commands(cli, context))
    index = "".join(
        f"| [`{within.command_path}`](#{_anchor(within)}) | {_one_line(command.get_short_help_str(limit=200))} |\n"
        for command, within in commands
    )
    return CLI_HEAD + index + "".join(_section(command, within) for command, within in commands)


def _commands(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    for name, command in group.commands.items():
        within = click.Context(command, info_name=name, parent=context, **command.context_settings)
        if isinstance(command, click.Group):
            yield from _commands(command, within)
        elif not command.hidden:
            yield command, within


def _anchor(context: click.Context) -> str:
    return context.command_path.replace(" ", "-")


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    records = [option.get_help_record(context) for option in command.params if isinstance(option, click.Option)]
    options = [f"| `{names}` | {_one_line(meaning)} |\n" for names, meaning in filter(None, records)]
    table = "\n| option | meaning |\n|---|---|\n" + "".join(options) if options else ""
    text = _paragraphs(inspect.cleandoc(command.help or ""))
    return f"\n## {context.command_path}\n\n```text\n{context.command_path} {usage}\n```\n\n{text}\n{table}"


def _paragraphs(text: str) -> str:
    """Return click's help as Markdown: a paragraph that begins with click's backspace keeps its lines."""
    parts = (part.removeprefix("\b\n") if part.startswith("\b") else part for part in text.split("\n\n"))
    return "\n\n".join(parts)


def _one_line(text: str) -> str:
    """Return ``text`` for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


PAGES: Final = {"settings.md": settings_page, "cli.md": cli_page}
"""Each generated page, by its name in this folder."""


def main() -> None:
    """Write the pages beside this file."""
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
