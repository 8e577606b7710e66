"""REDIS_URL: what it may say, and how Celery is told the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_FILES: Final = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_VERIFY: Final = {"required": "required", "none": "none", "cert_required": "required", "cert_none": "none"}
"""The spellings of ``ssl_cert_reqs`` that redis-py and Celery know, and redis-py's. Verifying is the default."""
_CHECKS_HOST: Final = {"true": True, "false": False}
_PARAMETERS: Final = ("db", "protocol", *_FILES, "ssl_cert_reqs", "ssl_check_hostname")


def checked_url(url: str) -> str:
    """Return ``url`` in the one spelling that redis-py reads. Raise ValueError, which never repeats a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError, which repeats what may be the half of a password
    except ValueError:
        raise ValueError("is no URL; percent-encode the signs of a password that have a meaning in one") from None
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.fragment or given.keys() - set(_PARAMETERS):
        raise ValueError(f"may have the parameters {', '.join(_PARAMETERS)} after a ?, and nothing else")
    if parts.scheme != "rediss" and any(name.startswith("ssl_") for name in given):
        raise ValueError("the ssl_ parameters go with rediss://")
    given |= {name: _file(name, given[name]) for name in _FILES if name in given}
    if "ssl_keyfile" in given and "ssl_certfile" not in given:
        raise ValueError("ssl_keyfile goes with ssl_certfile")
    if verify := given.get("ssl_cert_reqs"):
        given["ssl_cert_reqs"] = _one_of(_VERIFY, "ssl_cert_reqs", verify)
    _one_of(_CHECKS_HOST, "ssl_check_hostname", given.get("ssl_check_hostname", "true"))
    return _spelt(parts.scheme, parts, given)


def _spelt(scheme: str, parts: SplitResult, query: dict[str, str]) -> str:
    """Return the URL with its two slashes, which urllib leaves out where no host stands between them and a path."""
    return f"{scheme}://{parts.netloc}{parts.path}" + (f"?{urlencode(query)}" if query else "")


def _file(name: str, path: str) -> str:
    if not Path(path).is_file():
        raise ValueError(f"{name}: there is no file {path}")
    return str(Path(path).absolute())


def _one_of(known: dict[str, Any], name: str, value: str) -> Any:
    if value.lower() not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}")
    return known[value.lower()]


def broker(url: str) -> dict[str, Any]:
    """Return Celery's settings for the server at ``url``, which `checked_url` has returned.

    Celery reads an ``ssl_`` parameter of a URL in other ways than redis-py, and takes ``rediss://`` without any for a
    server whose certificate need not be looked at. So it gets them typed, and apart from the URL.
    """
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        database = {"virtual_host": given["db"]} if "db" in given else {}
        return {"broker_url": _spelt("redis+socket", parts, database)}
    database_path = quote(given.get("db", unquote(parts.path).strip("/")) or "0")
    settings: dict[str, Any] = {"broker_url": parts._replace(path=f"/{database_path}", query="").geturl()}
    if parts.scheme == "rediss":
        settings["broker_use_ssl"] = {
            "ssl_cert_reqs": given.get("ssl_cert_reqs", "required"),
            "ssl_check_hostname": _CHECKS_HOST[given.get("ssl_check_hostname", "true").lower()],
            **{name: given[name] for name in _FILES if name in given},
        }
    return settings
