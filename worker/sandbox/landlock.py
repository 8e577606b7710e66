"""Landlock: what this process may open and connect to from now on (Linux, https://docs.kernel.org/userspace-api/landlock.html)."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Collection
from typing import Final

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
"""The system calls; their numbers are the same on every machine."""
_VERSION_FLAG: Final = 1
_PATH_RULE, _PORT_RULE = 1, 2
_NO_NEW_PRIVILEGES: Final = 38

_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILE_RIGHTS: Final = ((1, 13), (2, 14), (3, 15), (5, 16))
"""Rights over files as the versions brought them: a version has those below 1 << n. Executing, reading, writing,
making, removing; with 2 moving, with 3 truncating, with 5 commands to devices."""
NETWORK: Final = 4
"""The version that knows TCP."""
COMPLETE: Final = 6
"""The version that can shut off processes outside: signals to them, and their sockets that have no file."""
_BIND, _CONNECT = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


class _PortRule(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


def version() -> int:
    """Return Landlock's version here. Raises OSError where there is none."""
    return _call(_CREATE, None, 0, _VERSION_FLAG)


def restrict(readable: Collection[str], ports: Collection[int] | None) -> int:
    """Let this thread, and all that it will start, read ``readable`` and nothing else; write, run and bind nothing.

    It may connect by TCP to ``ports`` only; None: to any. Returns Landlock's version: one below 4 does not know TCP.
    Raises OSError where there is none, or the platform refuses the calls.
    """
    known = version()
    rights = _Ruleset(
        files=(1 << max(bits for since, bits in _FILE_RIGHTS if since <= known)) - 1,
        network=_BIND | _CONNECT if ports is not None and known >= NETWORK else 0,
        scopes=_ABSTRACT_SOCKETS | _SIGNALS if known >= COMPLETE else 0,
    )
    rules = _call(_CREATE, ctypes.byref(rights), ctypes.sizeof(rights), 0)
    try:
        for path in readable:
            _allow_reading(rules, path)
        for port in ports or () if rights.network else ():
            _call(_ADD_RULE, rules, _PORT_RULE, ctypes.byref(_PortRule(_CONNECT, port)), 0)
        forbid_new_privileges()
        _call(_RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return known


def forbid_new_privileges() -> None:
    """Let no program that this process starts gain rights: the kernel wants that of whoever restricts itself."""
    if _library().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")


def _allow_reading(rules: int, path: str) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no rule
        return
    try:
        folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        rule = _PathRule(_READ_FILE | (_READ_FOLDER if folder else 0), opened)
        _call(_ADD_RULE, rules, _PATH_RULE, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    result = int(_library().syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
