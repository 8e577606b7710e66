"""The pages of the documentation as programs: what a reader would type, in the order of the page.

A page's ``sh`` blocks are one bash script. Comments before a block say what is special about it; readers do not see
them. CONTRIBUTING.md has the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])

LANGUAGES: Final = set("sh text json csv js python go yaml ini toml promql sql".split())
"""What a fence may say that it holds. Commands are ``sh``, so that none is passed over."""

NOT_RUN: Final = {
    "needs Docker": {"docker"},
    "needs Kubernetes": {"kubectl", "helm"},
    "needs root": {"apt-get", "systemctl", "useradd", "install", "sudo"},
    "is what runs this": {"make check", ".ci/run"},
    "trains a model": {"make"},
    "takes long": {"LEDGER_EXAMPLES", "scale_model.py measure"},
    "needs the internet": {"git clone", "uv tool install", "pipx install", "https://example.org"},
}
"""Why a block may not be run, and the programs of which it must call one to be excused."""

_NOTE: Final = re.compile(r"<!-- (?P<run>(?:not )?run|output)(?:: (?P<how>.*?))? -->\s*$")
_BACKGROUND: Final = re.compile(
    r"in the background(?:, until (?:port (?P<port>\d+) answers|(?P<ready>workers are ready)))?$"
)
_ENDS: Final = re.compile(r"ends with (?P<status>\d+)$")
_TITLE: Final = re.compile(r'title="(?P<name>[^"]+)"')
_UNTIL: Final = "until (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null; do kill -0 $!; sleep .1; done; "
"""Wait until a port answers, as long as what was started last runs."""
_SERVER: Final = f"redis-server --port 6379 & services+=($!); {_UNTIL.format(port=6379)}"
_READY: Final = "until pagefacts health; do kill -0 $!; sleep .1; done; "
_WORKER: Final = f"pagefacts worker --concurrency 1 & services+=($!); {_READY}"


@dataclass(frozen=True)
class Block:
    """A fence of a page."""

    first: int
    """Line of its opening fence, from 0."""
    last: int
    """Line of its closing fence."""
    language: str
    title: str | None
    content: str
    note: str
    """``run``, ``not run``, ``output`` or nothing."""
    how: str
    """What the comment says after that."""
    fenced: bool
    """Whether it is a fence, and part of nothing else."""

    def faults(self) -> Iterator[str]:
        """Yield what keeps it from being run, or from being seen as something to be run."""
        if not self.fenced:
            yield "code stands in a fence, at the beginning of its line"
        elif self.language not in LANGUAGES:
            yield f"a fence says what it holds, one of {', '.join(sorted(LANGUAGES))}"
        if self.note == "run" and not (_BACKGROUND.match(self.how) or _ENDS.match(self.how)):
            yield f"nobody knows how to run it {self.how}"
        if self.note == "not run" and not any(program in self.content for program in NOT_RUN.get(self.how, ())):
            yield f"{self.how} is no reason not to run it"
        if self.language == "python":
            try:
                compile(self.content, "the block", "exec")
            except SyntaxError as error:
                yield str(error)
        if self.title and (known := ROOT / self.title).exists() and known.read_text(encoding="utf-8") != self.content:
            yield f"{self.title} of the repository is another"


@dataclass(frozen=True)
class Document:
    """A page, as it is written."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def _tokens(self) -> list[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.text)

    @cached_property
    def blocks(self) -> list[Block]:
        """Its fences and indented blocks, in order."""
        return [
            _block(before, token)
            for before, token in pairwise([None, *self._tokens])
            if token is not None and token.type in {"fence", "code_block"}
        ]

    def faults(self) -> Iterator[str]:
        """Yield what keeps a block from being run, or from being seen as one that is."""
        for block in self.blocks:
            for fault in block.faults():
                yield f"{self}:{block.first + 1}: {fault}"

    @cached_property
    def commands(self) -> list[Block]:
        """The blocks that are run."""
        return [block for block in self.blocks if block.language == "sh" and block.note != "not run"]

    @cached_property
    def outputs(self) -> list[tuple[Block, Block]]:
        """The commands whose output the page shows, and the block that shows it."""
        shown = []
        command: Block | None = None
        for block in self.blocks:
            command = block if block in self.commands else command
            if block.note == "output":
                assert command is not None, f"line {block.first + 1}: the output of no command"
                shown.append((command, block))
        return shown

    @cached_property
    def preparation(self) -> str:
        """What runs before a reader comes to the page: ``a server``, ``a worker`` or nothing."""
        found = re.search(r"^<!-- run: with (a server|a worker) -->$", self.text, re.MULTILINE)
        return found[1] if found else ""

    def script(self, outputs: Path) -> str:
        """Return the page as a bash script, each command on its line of the page.

        What the block of line N prints, to stdout or stderr, goes into the file N of the folder ``outputs``; what runs
        in the background has its stderr beside the others'.
        """
        lines = [""] * (len(self.text.splitlines()) + 2)
        for block in self.blocks:
            if block.title is not None and not (ROOT / block.title).exists():
                self._put(lines, block, *_file(block.title))
            elif block.language == "sh" and block.note != "not run":
                self._put(lines, block, *_run(block, outputs / str(block.first + 1)))
        lines[0] = _prologue(self.preparation) + lines[0]
        lines[-1] = 'for service in "${services[@]}"; do kill -0 "$service" 2>/dev/null || wait "$service"; done'
        return "\n".join(lines) + "\n"

    @staticmethod
    def _put(lines: list[str], block: Block, before: str, after: str) -> None:
        lines[block.first], lines[block.last] = before, after
        lines[block.first + 1 : block.last] = block.content.splitlines()

    def mentioned(self) -> Iterator[str]:
        """Yield the commands that stand within sentences and tables."""
        for token in self._tokens:
            for child in token.children or ():
                if child.type == "code_inline":
                    yield child.content


def _block(before: Token | None, token: Token) -> Block:
    first, end = token.map or (0, 0)
    language, _, rest = token.info.partition(" ")
    title = _TITLE.search(rest)
    note = _NOTE.match(before.content) if before is not None and before.type == "html_block" else None
    return Block(
        first,
        end - 1,
        language,
        title["name"] if title else None,
        token.content,
        note["run"] if note else "",
        (note["how"] or "") if note else "",
        fenced=token.type == "fence" and token.level == 0,
    )


def _prologue(preparation: str) -> str:
    trap = "exec 3>&2; trap 'echo \"stopped at line $LINENO: $BASH_COMMAND\" >&3' ERR; services=(); "
    server = _SERVER + "export REDIS_URL=redis://localhost:6379/0; " if preparation else ""
    return trap + server + (_WORKER if preparation == "a worker" else "")


def _file(name: str) -> tuple[str, str]:
    """Return what stands around the content of a file that the reader saves."""
    return f"cat >'{name}' <<'the end of the file'", "the end of the file"


def _run(block: Block, output: Path) -> tuple[str, str]:
    """Return what stands around the commands of a block."""
    if background := _BACKGROUND.match(block.how):
        port = background["port"]
        until = _UNTIL.format(port=port) if port else _READY if background["ready"] else ""
        return "{", f"}} >{output} & services+=($!); {until}"
    if ends := _ENDS.match(block.how):
        return "ended=0; (", f") >{output} 2>&1 & wait $! || ended=$?; [ $ended = {ends['status']} ]"
    return f"exec >{output} 2>&1", "exec >&3 2>&3"


def matches(shown: str, printed: str) -> bool:
    """Whether a command printed what the page shows: spaces are free, and … stands for anything."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in shown.split("…")]
    return re.search(r"\s*.*?\s*".join(parts), printed, re.DOTALL) is not None
