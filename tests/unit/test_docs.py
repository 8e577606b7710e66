"""The documentation says what the code does, and each command in it is run."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from documents import PAGES, ROOT, Document, matches
from reference import PAGES as REFERENCE

from config.settings import Settings, variable
from worker.cli import cli

DOCUMENTS = [Document(page) for page in PAGES]


@pytest.mark.parametrize("name", REFERENCE)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == REFERENCE[name](), "run `make reference`"


def test_the_reference_has_every_setting_and_every_command() -> None:
    settings, commands = (REFERENCE[name]() for name in ("settings.md", "cli.md"))
    for name in Settings.model_fields:
        assert f"`{variable(name)}`" in settings
    for name in cli.commands:
        assert f"pagefacts {name}" in commands


@pytest.mark.parametrize("page", DOCUMENTS, ids=str)
def test_no_block_of_a_page_is_passed_over(page: Document) -> None:
    assert list(page.faults()) == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=str)
def test_commands_within_sentences_exist(page: Document) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for words in map(str.split, page.mentioned()):
        if words[:1] == ["make"] and len(words) > 1:
            assert words[1] in targets, words
        elif words[:1] == ["pagefacts"] and len(words) > 1 and words[1].isalpha():
            _known(words[1:])


def _known(words: list[str]) -> None:
    command: click.Command = cli
    while words and isinstance(command, click.Group):
        assert words[0] in command.commands, words
        command = command.commands[words.pop(0)]
    known = {name for option in command.params for name in option.opts}
    if not command.ignore_unknown_options:
        assert {word for word in words if re.match(r"--?[a-z]", word)} <= known, words


@pytest.mark.parametrize(
    ("note", "content"),
    [
        ("run: somehow", "true"),
        ("not run: needs Docker", "pagefacts status"),
        ("not run: it fails", "false"),
    ],
)
def test_no_block_is_excused_without_a_reason(tmp_path: Path, note: str, content: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n<!-- {note} -->\n```sh\n{content}\n```\n")
    (block,) = Document(page).blocks
    assert list(block.faults())


@pytest.mark.parametrize("fence", ["```\ntrue\n```", "```bash\ntrue\n```", "    true", "- a\n\n  ```sh\n  true\n  ```"])
def test_no_command_hides_in_another_kind_of_block(tmp_path: Path, fence: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n{fence}\n")
    (block,) = Document(page).blocks
    assert list(block.faults())


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a  b\n", "x\na b\ny", True),
        ("a\n…\nc", "a\nb\nc", True),
        ("a\nc", "a\nb\nc", False),
        ("1", "2", False),
    ],
)
def test_what_a_page_shows_is_what_was_printed(shown: str, printed: str, same: bool) -> None:
    assert matches(shown, printed) is same
