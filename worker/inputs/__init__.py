"""Files, folders and streams of a command line, as jobs."""

from worker.inputs.files import read_jobs, read_source, readable
from worker.inputs.report import InputError
from worker.inputs.sources import Kind, Source, sources_of

__all__ = ["InputError", "Kind", "Source", "read_jobs", "read_source", "readable", "sources_of"]
