"""Write the reference pages that follow from the code; ``make reference`` runs it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args

import click
from pydantic.fields import FieldInfo

from config.settings import Settings, variable
from pagefacts.contracts.schema import schema
from pagefacts.render.rows import Row
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

COLUMNS_HEAD: Final = f"""# Columns

{WRITTEN}

What `pagefacts results` writes as CSV and Parquet has a row for each casualty figure, and these columns, in this order.
How to write and read such files: [Many pages in, tables out](bulk.md).

Many names are those of UCDP GED (the [Georeferenced Event Dataset](https://ucdp.uu.se/downloads/), whose codebook is
there) or of ACLED ([its codebook](https://acleddata.com/knowledge-base/codebook/)); the meaning says which one it is,
and where it differs. A row is not an event of those datasets: it is what one page says of one number.

An empty cell of CSV is a null. CSV has lists parted by `; `, days as `2024-03-11`, times as `2024-03-11T09:00:00.000Z`.

| column | type | meaning |
|---|---|---|
"""

ANSWER_HEAD: Final = f"""# Fields of an answer

{WRITTEN}

What stands in the `data` of an answer: a [Result](#result), or a [Failure](#failure).
[The wire contract](wire.md#the-answer) has the envelope around it, [facts](facts.md) and [articles](pages.md) say how
each field is found, and [event.json](../pagefacts/contracts/schemas/event.json) says the same as a JSON Schema. All
fields are there, null or empty where nothing was found. Positions count Unicode code points of `article.text`.
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


def columns_page() -> str:
    """Return the page of all columns, in Markdown, in the order of `Row`."""
    rows = (
        f'| <a id="{name}"></a>`{name}` | {_type(field)} | {_one_line(field.description or "")} |\n'
        for name, field in Row.model_fields.items()
    )
    return COLUMNS_HEAD + "".join(rows)


_TYPES: Final = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true, false",
    date: "day",
    datetime: "time, UTC",
}


def _type(field: FieldInfo) -> str:
    kinds = [kind for kind in (get_args(field.annotation) or (field.annotation,)) if kind is not NoneType]
    if kinds[-1] is Ellipsis:
        return "list of text"
    return _TYPES[kinds[0]] + (", null" if len(get_args(field.annotation)) > 1 else "")


def answer_page() -> str:
    """Return the page of all fields of an answer's data, in Markdown: each object before those within it."""
    models = schema("event")["$defs"]
    names = dict.fromkeys(name for whole in ("Result", "Failure") for name in _within(whole, models))
    return ANSWER_HEAD + "".join(_model(name, models) for name in names)


def _within(name: str, models: dict[str, Any]) -> Iterator[str]:
    yield name
    for found in models[name]["properties"].values():
        for part in (found, found.get("items", {}), *found.get("anyOf", ())):
            other = part.get("$ref", "").rpartition("/")[2]
            if "properties" in models.get(other, {}):
                yield from _within(other, models)


def _model(name: str, models: dict[str, Any]) -> str:
    rows = (
        f"| `{field}` | {_written(found, models)} | {_one_line(found.get('description', ''))} |\n"
        for field, found in models[name]["properties"].items()
    )
    head = f"\n## {name}\n\n{_one_line(models[name]['description'])}\n\n| field | type | meaning |\n|---|---|---|\n"
    return head + "".join(rows)


_JSON_TYPES: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true, false",
    "object": "object",
    "null": "null",
}


def _written(found: dict[str, Any], models: dict[str, Any]) -> str:
    """Return the type of a field of a JSON Schema, for people."""
    if "anyOf" in found:
        return ", ".join(_written(part, models) for part in found["anyOf"])
    if "$ref" in found:
        name = found["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if "properties" in models[name] else _written(models[name], models)
    if "enum" in found:
        return ", ".join(f"`{value}`" for value in found["enum"])
    if "const" in found:
        return f"`{found['const']}`"
    if found.get("type") == "array":
        return f"list of {_written(found['items'], models)}"
    return _JSON_TYPES[found["type"]] if "type" in found else "any"


PAGES: Final = {"answer.md": answer_page, "settings.md": settings_page, "cli.md": cli_page, "columns.md": columns_page}
"""Each generated page, by its name in this folder."""


def main() -> None:
    """Write the pages beside this file."""
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
