"""Regions of a run for Python: `with ebb.region("epoch"): ...` inside `ebb run -- python train.py`.

Outside of `ebb run` a region does nothing, so a script that uses it runs anywhere. Only the standard library is used;
copy this file beside the script, or put its folder into PYTHONPATH.
"""

import contextlib
import os
import socket
import warnings

__all__ = ["begin", "end", "region", "run_id"]

_ANSWER_WITHIN_S = 5.0


def run_id():
    """The run that this process belongs to, or None."""
    return os.environ.get("EBB_RUN_ID")


def _send(edge, name):
    path = os.environ.get("EBB_MARK_SOCKET")
    if not path:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.settimeout(_ANSWER_WITHIN_S)
            line.connect(path)
            line.send(f"{edge} {name}".encode())
            answer = line.recv(512).decode(errors="replace")
    except OSError as problem:
        # A training must not fail because its meter did.
        warnings.warn(f"ebb: the mark {edge} {name} was not kept: {problem}", stacklevel=3)
        return
    if not answer.startswith("ok "):
        raise ValueError(answer.removeprefix("no "))


def begin(name):
    """Begins the region `name`; the sensors are read before this returns."""
    _send("begin", name)


def end(name):
    """Ends the region `name`, and what is open inside it. ValueError where it is not open."""
    _send("end", name)


@contextlib.contextmanager
def region(name):
    """The region `name` around a block, also when the block raises."""
    begin(name)
    try:
        yield
    finally:
        end(name)
