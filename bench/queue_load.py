#!/usr/bin/env python3
"""The daemon under load: many jobs wait, a hundred run; how long submit and list take, what the daemon costs at rest.

    queue_load.py [--build build/release] [--waiting 10000] [--running 100] [--seconds 60]

Times are of whole processes (`ebb submit`, `ebb jobs`) beside `ebb --version` in the same run; medians of 21.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


def timed(command, environment):
    begin = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return 1e3 * (time.perf_counter() - begin)


def ask(door, question):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(door))
        connection.sendall(question.encode() + b"\n")
        return json.loads(connection.makefile().readline())


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def question_of(ebb, environment, folder):
    """What `ebb submit` asks, caught by a socket of our own."""
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "socket"))
        door.listen(1)
        submit = subprocess.Popen([ebb, "submit", "--queue", str(folder), "--", "sleep", "3600"], env=environment,
                                  stderr=subprocess.DEVNULL)
        connection, _ = door.accept()
        with connection:
            question = connection.makefile().readline().strip()
        submit.wait()
    return question


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--waiting", type=int, default=10000)
    parser.add_argument("--running", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    ebb = str(Path(options.build) / "ebb")
    folder = Path(tempfile.mkdtemp(prefix="ebb-load-"))
    queue = folder / "queue"
    environment = dict(os.environ, XDG_DATA_HOME=str(folder), EBB_QUEUE=str(queue))
    daemon = subprocess.Popen([ebb, "serve", "--jobs", str(options.running)], env=environment,
                              stderr=subprocess.DEVNULL)
    try:
        question = question_of(ebb, environment, folder / "caught")
        while not (queue / "socket").exists():
            time.sleep(0.01)
        begin = time.perf_counter()
        for _ in range(options.waiting + options.running):
            answer = ask(queue / "socket", question)
            assert answer["ok"], answer
        print(f"{options.waiting + options.running} submitted in {time.perf_counter() - begin:.1f} s by the socket")
        while ask(queue / "socket", '{"op":"list","limit":1}')["counts"].get("running", 0) < options.running:
            time.sleep(0.1)
        time.sleep(5)
        alone = statistics.median(timed([ebb, "--version"], environment) for _ in range(21))
        submit = statistics.median(timed([ebb, "submit", "--", "sleep", "3600"], environment) for _ in range(21))
        listed = statistics.median(timed([ebb, "jobs"], environment) for _ in range(21))
        print(f"ebb --version {alone:.1f} ms; ebb submit {submit:.1f} ms; ebb jobs {listed:.1f} ms")
        before, since = cpu_seconds(daemon.pid), time.monotonic()
        time.sleep(options.seconds)
        used = (cpu_seconds(daemon.pid) - before) / (time.monotonic() - since)
        print(f"at rest: {100 * used:.2f}% of a core, {resident_mb(daemon.pid):.0f} MB resident")
    finally:
        jobs = ask(queue / "socket", '{"op":"list","limit":1000000}')["jobs"]
        for job in jobs:
            ask(queue / "socket", json.dumps({"op": "cancel", "id": job["id"]}))
        while ask(queue / "socket", '{"op":"list","limit":1}')["jobs"]:
            time.sleep(0.2)
        daemon.terminate()
        daemon.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
