"""seccomp: system calls that this process may not make from now on (Linux, seccomp(2))."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
from dataclasses import dataclass
from typing import Final

from worker.sandbox.landlock import forbid_new_privileges

_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
"""Instructions of the classic BPF: load a word of the call, compare it, return the verdict."""
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
"""Where struct seccomp_data has them; of an argument of eight bytes the lower half comes first."""
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_X32: Final = 0x40000000
"""From here on the numbers are of x86_64's other set of calls."""
_THREAD: Final = 0x00010000
"""CLONE_THREAD"""
_FAST_OPEN: Final = 0x20000000
"""MSG_FASTOPEN: to send is to connect, past Landlock."""
_CLONE3: Final = 435
_IO_URING: Final = 425
"""Makes sockets and opens files without the calls that are looked at here."""


@dataclass(frozen=True, slots=True)
class _Machine:
    code: int
    """AUDIT_ARCH_…"""
    refused: tuple[int, ...]
    """fork, vfork, execve, execveat, ptrace, process_vm_readv and process_vm_writev, as far as it has them."""
    clone: int
    socket: int
    senders: tuple[tuple[int, int], ...]
    """sendto, sendmsg and sendmmsg, each with the place of its flags."""


_MACHINES: Final = {
    "x86_64": _Machine(0xC000003E, (57, 58, 59, 322, 101, 310, 311), 56, 41, ((44, 3), (46, 2), (307, 3))),
    "aarch64": _Machine(0xC00000B7, (221, 281, 117, 270, 271), 220, 198, ((206, 3), (211, 2), (269, 3))),
}

_Program = list[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Sockets:
    """The sockets that may be made; none of any other kind, such as raw ones."""

    unix: bool
    tcp: bool
    udp: bool


def restrict(sockets: Sockets | None) -> None:
    """Let this thread, and all that it will start, make no process, look into none, and make ``sockets`` only.

    ``sockets`` None: any. Threads may be started. Raises OSError where the platform has none of it, or refuses.
    """
    machine = _MACHINES.get(os.uname().machine)
    if sys.platform != "linux" or machine is None or sys.maxsize < 1 << 32:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    program = _program(machine, sockets)
    code = b"".join(_instruction(*each) for each in program)
    kept = ctypes.create_string_buffer(code, len(code))
    forbid_new_privileges()
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(_Filter(len(program), ctypes.addressof(kept))), 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_void_p))


def _instruction(code: int, where_true: int, where_false: int, value: int) -> bytes:
    return code.to_bytes(2, "little") + bytes((where_true, where_false)) + value.to_bytes(4, "little")


def _program(machine: _Machine, sockets: Sockets | None) -> _Program:
    refuse = _verdict(_ERROR | errno.EACCES)
    program = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 1, 0, machine.code), *refuse, (_LOAD, 0, 0, _NUMBER_AT)]
    program += _if(_AT_LEAST, _X32, refuse)
    for number in (*machine.refused, _IO_URING):
        program += _if(_EQUAL, number, refuse)
    # Its flags are in memory, where no filter can look; the library takes clone instead.
    program += _if(_EQUAL, _CLONE3, _verdict(_ERROR | errno.ENOSYS))
    program += _if(_EQUAL, machine.clone, [_argument(0), *_if(_ANY_BIT, _THREAD, _verdict(_ALLOW)), *refuse])
    if sockets is not None:
        program += _if(_EQUAL, machine.socket, _socket(sockets, refuse))
        for number, flags in machine.senders:
            program += _if(_EQUAL, number, [_argument(flags), *_if(_ANY_BIT, _FAST_OPEN, refuse), *_verdict(_ALLOW)])
    return program + _verdict(_ALLOW)


def _socket(sockets: Sockets, refuse: _Program) -> _Program:
    """Look at the family, then the type (rid of its flags), then the protocol: a type has others than its usual one."""
    types: _Program = [_argument(1), (_AND, 0, 0, 0xF)]
    for allowed, kind, protocol in ((sockets.tcp, 1, socket.IPPROTO_TCP), (sockets.udp, 2, socket.IPPROTO_UDP)):
        if allowed:
            usual = [part for each in (0, protocol) for part in _if(_EQUAL, each, _verdict(_ALLOW))]
            types += _if(_EQUAL, kind, [_argument(2), *usual, *refuse])
    types += refuse
    families = [_argument(0)]
    if sockets.unix:
        families += _if(_EQUAL, socket.AF_UNIX, _verdict(_ALLOW))
    for family in (socket.AF_INET, socket.AF_INET6):
        families += _if(_EQUAL, family, types)
    return families + refuse


def _argument(place: int) -> tuple[int, int, int, int]:
    return (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * place)


def _if(test: int, value: int, then: _Program) -> _Program:
    """Run ``then``, which ends with a verdict, where the word loaded last passes the test."""
    return [(test, 0, len(then), value), *then]


def _verdict(value: int) -> _Program:
    return [(_RETURN, 0, 0, value)]
