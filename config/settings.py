"""Every setting, with its environment variable, default and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_network
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from config.server import checked_url

_UNPREFIXED = frozenset({"redis_url", "sentry_dsn"})


class SettingsError(Exception):
    """An environment variable has a value that cannot be used."""

    harmless = True
    """The log has it: it does not repeat the value."""


class Pipeline(StrEnum):
    """How the three steps run."""

    AUTO = "auto"
    """As one task where the worker that takes the job in does all steps itself, else as three."""
    CHAIN = "chain"
    """As three tasks on three queues, which can be scaled, limited and watched apart."""
    FUSED = "fused"
    """As one task, which saves two trips through the broker a page."""


class TaggerEngine(StrEnum):
    """What finds the names; `pagefacts.tagging.engines` has one of each name."""

    PAGEFACTS = "pagefacts"
    """The model that this project trains."""
    SPACY = "spacy"
    """spaCy's small English model, which the extra `spacy` installs."""


class Fetch(StrEnum):
    """Whether pages are fetched of jobs that give only a URL."""

    OFF = "off"
    """Such a job is answered with a failure."""
    ON = "on"
    """The worker makes requests to whatever host a job names, within the limits set here."""


class Sandbox(StrEnum):
    """Whether the processes of a worker's pool are shut off from what they do not need."""

    ON = "on"
    """They read their libraries, write nothing, and reach the server and Sentry only, where Linux can hold them."""
    OFF = "off"
    """They may do what the worker's user may."""


class LogLevel(StrEnum):
    """Levels of the standard library's logging."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogFormat(StrEnum):
    """What a log line looks like."""

    AUTO = "auto"
    """Text on a terminal, JSON elsewhere."""
    JSON = "json"
    """One object a line."""
    TEXT = "text"
    """For people."""


def _ports(value: str) -> str:
    if not all(part.strip().isdecimal() and 0 < int(part) < 65_536 for part in value.split(",")):
        raise ValueError("must be numbers of ports, such as 80,443")
    return value


def _networks(value: str) -> str:
    for part in filter(None, (part.strip() for part in value.split(","))):
        ip_network(part)  # raises ValueError, which says what is wrong
    return value


class Settings(BaseModel):
    """The settings of one process. Read them with `Settings.from_env`, once, at the edge."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    redis_url: Annotated[str, Field(pattern=r"^(rediss?|unix)://"), AfterValidator(checked_url)] | None = None
    """Redis or Valkey, 6.2 or newer: `redis://`, `rediss://` or `unix:///path`. Unset: an embedded server."""
    sentry_dsn: str | None = None
    """Where errors are reported. Unset: nowhere."""
    sentry_traces: Annotated[float, Field(ge=0, le=1)] = 0
    """The share of jobs, 0 to 1, whose way through the queues Sentry is told of."""
    namespace: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "pagefacts"
    """First part of every key, in braces: `{pagefacts}:jobs`; as a hash tag it keeps them in one cluster slot."""
    data_dir: str | None = None
    """Where the embedded server keeps its data. Unset: the user's data directory."""
    shards: Annotated[int, Field(ge=1, le=64)] = 1
    """Streams that the jobs are spread over by their ids: more than one where one server, or one node of a cluster, is
    not enough. Producers, workers and consumers must be set alike; each limit below is one shard's."""
    shard: Annotated[int, Field(ge=0)] | None = None
    """The shard that a worker sees to first, from 0. Unset: the one that the fewest workers see to."""
    pipeline: Pipeline = Pipeline.AUTO
    """`chain`: three tasks on three queues; `fused`: one task; `auto`: one task in workers that see to all three
    queues, else three."""
    tagger: TaggerEngine = TaggerEngine.PAGEFACTS
    """`pagefacts`: this project's own model; `spacy`: spaCy's small one, with `pip install 'pagefacts[spacy]'`."""
    claim_after: Annotated[float, Field(gt=0)] = 300
    """Seconds for which no step of a job may begin before it is dispatched again; longer than a step may take."""
    max_deliveries: Annotated[int, Field(ge=1)] = 3
    """How often a job may end its process within a step, or pass the hard time limit, before it is answered with a
    failure and parked in the dead-letter stream."""
    in_flight: Annotated[int, Field(ge=1)] = 2
    """Jobs that a worker takes in, for each process of its pool, before they are answered; the rest wait in the stream.

    Two keep a process busy: one in work, one ready. More are needed where other workers do the later steps.
    """
    done_ttl: Annotated[int, Field(ge=1)] = 86_400
    """Seconds for which an answered job's id is remembered: the same id is not answered again."""
    soft_time_limit: Annotated[float, Field(gt=0)] = 60
    """Seconds after which a step is stopped and its job answered with the failure `time_limit`."""
    hard_time_limit: Annotated[float, Field(gt=0)] = 90
    """Seconds after which a step that would not stop is killed with its process; its job is delivered again."""
    grace: Annotated[float, Field(ge=0)] = 20
    """Seconds for which a worker that is stopped lets running steps go on; then they are given back to the others."""
    child_memory_mb: Annotated[int, Field(ge=64)] = 1024
    """Resident mebibytes above which a worker's child process is replaced after its page."""
    child_memory_max_mb: Annotated[int, Field(ge=0)] = 2048
    """Mebibytes that a worker's child process may take: a page that needs more is answered with the failure
    `memory_limit`, and the child is replaced. 0: without limit."""
    sandbox: Sandbox = Sandbox.ON
    """`on`: a worker's child processes read nothing but their libraries, write nothing, start no programs and, unless
    they fetch, connect to the server and Sentry only, as far as Linux can hold them to it; `off`: they may all that."""
    results_keep: Annotated[int, Field(ge=0)] = 3600
    """Seconds for which answers stay on the results stream even when every consumer group has acknowledged them."""
    results_max: Annotated[int, Field(ge=0)] = 0
    """Answers on the results stream at most; 0: without limit. Where a consumer group still needs them all, no more
    jobs are taken in or enqueued; where there is no group, the oldest go."""
    jobs_max: Annotated[int, Field(ge=0)] = 0
    """Jobs waiting or in work at most, before no more are enqueued; 0: without limit."""
    dead_max: Annotated[int, Field(ge=0)] = 0
    """Dead letters at most, before no more jobs are taken in or enqueued; 0: without limit."""
    memory_max: Annotated[int, Field(ge=0, le=100)] = 80
    """Percent of the server's `maxmemory`, where it has one, above which no more jobs are enqueued: the rest is for the
    jobs in work; 0: without limit."""
    claim_max_mb: Annotated[int, Field(ge=0)] = 32
    """Mebibytes that one step of a job may leave in Redis for the next; a page that makes more fails. Times the jobs in
    flight, this bounds the claim checks; 0: without limit."""
    fetch: Fetch = Fetch.OFF
    """`on`: pages are fetched of jobs that give only a `url`; `off`: these are answered with a failure."""
    fetch_user_agent: Annotated[str, Field(pattern=r"^[\x21-\x7e][\x20-\x7e]{0,254}$")] | None = None
    """The name that servers are told; add a page or address where you can be reached. Unset: `pagefacts/VERSION`.

    Its first word is also the name under which robots.txt files are read.
    """
    fetch_timeout: Annotated[float, Field(gt=0)] = 10
    """Seconds for one try of a page, from the first look-up to the last byte, redirects included."""
    fetch_max_mb: Annotated[int, Field(ge=1, le=100)] = 10
    """Mebibytes of a page at most, as it comes and after each step of decoding."""
    fetch_tries: Annotated[int, Field(ge=1, le=10)] = 3
    """How often a page is tried where another try may help."""
    fetch_rate: Annotated[float, Field(ge=0.001, le=1000)] = 1
    """Requests a second to one host, of all workers together; a robots.txt may ask for fewer."""
    fetch_burst: Annotated[int, Field(ge=1, le=100)] = 2
    """Requests to one host that may follow each other at once after a pause."""
    fetch_ports: Annotated[str, AfterValidator(_ports)] = "80,443"
    """Ports that are connected to, with commas between them."""
    fetch_allow_networks: Annotated[str, AfterValidator(_networks)] = ""
    """Networks (CIDR, with commas between them) that are connected to although they are not public. Dangerous: whoever
    can enqueue a job can then read what these networks show to the worker."""
    fetch_in_flight: Annotated[int, Field(ge=1)] = 20
    """Jobs that are fetched or wait for their host, for each process of the pool that takes them in, beside those of
    `PAGEFACTS_IN_FLIGHT`."""
    fetch_keep_mb: Annotated[int, Field(ge=0)] = 64
    """Mebibytes of pages kept in Redis for a day, to be asked for only where they have changed; 0: none."""
    metrics_port: Annotated[int, Field(ge=0, le=65_535)] = 0
    """Port at which a worker tells Prometheus its metrics (`/metrics`), one for each worker of a machine. 0: none."""
    metrics_address: str = "127.0.0.1"
    """Address of that port: this machine's own, or one that others reach; nothing asks them for a password."""
    log_level: LogLevel = LogLevel.INFO
    """DEBUG, INFO, WARNING or ERROR."""
    log_format: LogFormat = LogFormat.AUTO
    """`json`: one object a line; `text`: for people; `auto`: text on a terminal, JSON elsewhere."""

    @model_validator(mode="after")
    def _in_proportion(self) -> Self:
        if self.shard is not None and not self.shard < self.shards:
            raise ValueError("PAGEFACTS_SHARD must be below PAGEFACTS_SHARDS: they are counted from 0")
        if not self.soft_time_limit < self.hard_time_limit:
            raise ValueError("PAGEFACTS_SOFT_TIME_LIMIT must be below PAGEFACTS_HARD_TIME_LIMIT")
        if self.fetch is Fetch.ON and not self.fetch_timeout < self.soft_time_limit:
            raise ValueError("PAGEFACTS_FETCH_TIMEOUT must be below PAGEFACTS_SOFT_TIME_LIMIT")
        if 0 < self.child_memory_max_mb < self.child_memory_mb:
            raise ValueError("PAGEFACTS_CHILD_MEMORY_MAX_MB must be 0, or not below PAGEFACTS_CHILD_MEMORY_MB")
        # A step may wait for those of the other jobs in flight, each as slow as the limit allows, before its own turn.
        if not (self.in_flight + 1) * self.hard_time_limit < self.claim_after:
            raise ValueError(
                "PAGEFACTS_CLAIM_AFTER must be above PAGEFACTS_HARD_TIME_LIMIT times (PAGEFACTS_IN_FLIGHT + 1), "
                "or a job that waits for its turn is taken for lost"
            )
        return self

    @property
    def home(self) -> int:
        """The shard whose queues of Celery's this process uses."""
        return self.shard or 0

    @property
    def home_namespace(self) -> str:
        """The first part of that shard's keys, as `pagefacts.client.keys.shard_namespaces` has it."""
        return f"{self.namespace}.{self.home}" if self.shards > 1 else self.namespace

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings from ``environ``; an empty value counts as unset.

        Raises `SettingsError`, which names the variable.
        """
        given = {name: value for name in cls.model_fields if (value := environ.get(variable(name), "").strip())}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError("; ".join(_explain(fault["loc"], fault["msg"]) for fault in error.errors())) from None


def variable(name: str) -> str:
    """Return the environment variable of setting ``name``."""
    return name.upper() if name in _UNPREFIXED else f"PAGEFACTS_{name.upper()}"


def _explain(loc: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    return f"{variable(str(loc[0]))}: {reason}" if loc else reason
