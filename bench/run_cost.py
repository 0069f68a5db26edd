#!/usr/bin/env python3
"""What `ebb run` costs, measured in one go beside a bare loop and beside the job alone.

    run_cost.py [--build build/release] [--seconds 60] [--repeat 200]

CPU time is that of the ebb process (wait4), the time of an empty job taken off and scaled to a minute; the bare loop is
bench/run_cost_parts.cc, which reads the same two files. Figures are medians; the runs of each kind alternate, so that
whatever else the machine does meets all of them.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


def resident_mb(pid):
    """The largest resident set so far; wait4's figure would hold this interpreter's, which the child had before exec."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def cost_of(command, environment, look_after=None):
    """(seconds from start to end, CPU seconds, largest resident set in MB after so many seconds) of a command."""
    begin = time.perf_counter()
    memory = 0.0
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if look_after is not None:
            time.sleep(look_after)
            memory = resident_mb(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command}: exit code {process.returncode}")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, memory


def medians(kinds, repeat, environment):
    """Median (seconds, CPU seconds, MB) by name; the kinds alternate."""
    seen = {name: [] for name in kinds}
    for _ in range(repeat):
        for name, command in kinds.items():
            seen[name].append(cost_of(command, environment))
    return {name: tuple(statistics.median(column) for column in zip(*rows)) for name, rows in seen.items()}, seen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--work", type=int, default=1_500_000_000, help="iterations of the saturating job")
    options = parser.parse_args()
    ebb, parts = f"{options.build}/ebb", f"{options.build}/bench/run_cost_parts"
    stat = next((path for path in ("/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/unified/cpu.stat") if Path(path).exists()),
                "/proc/self/stat")
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, XDG_DATA_HOME=folder)
        run = [ebb, "run"]
        empty, _ = medians({"true": ["true"], "ebb": [*run, "--", "true"],
                            "ebb with a zone": [*run, "--zone", "DE", "--", "true"]}, options.repeat, environment)
        print(f"an empty job: {empty['true'][0] * 1e3:.2f} ms alone, {empty['ebb'][0] * 1e3:.2f} ms under ebb run "
              f"(+{(empty['ebb'][0] - empty['true'][0]) * 1e3:.2f}), "
              f"{empty['ebb with a zone'][0] * 1e3:.2f} ms with --zone "
              f"(+{(empty['ebb with a zone'][0] - empty['true'][0]) * 1e3:.2f})")
        nap = ["sleep", str(options.seconds)]
        for period_ms in (1000, 100):
            late = options.seconds * 0.8
            _, cpu, memory = cost_of([*run, "--every", f"{period_ms}ms", "--", *nap], environment, late)
            _, bare, bare_memory = cost_of([parts, "loop", str(period_ms), str(options.seconds), stat], environment, late)
            minute = 60 / options.seconds
            print(f"sampling each {period_ms} ms: {(cpu - empty['ebb'][1]) * minute * 1e3:.1f} ms of CPU a minute, bare "
                  f"loop {bare * minute * 1e3:.1f} ms; resident {memory:.1f} MB, bare loop {bare_memory:.1f} MB")
        burn = [parts, "burn", str(options.work)]
        cost_of(burn, environment)
        _, seen = medians({"alone": burn, "ebb": [*run, "--every", "100ms", "--", *burn]},
                          max(5, options.repeat // 20), environment)
        alone, under = (sorted(row[0] for row in seen[name]) for name in ("alone", "ebb"))
        added = statistics.median(under) - statistics.median(alone) - (empty["ebb"][0] - empty["true"][0])
        spread = alone[-1] - alone[0]
        print(f"a job that fills every CPU, sampled each 100 ms: {statistics.median(alone):.3f} s alone (spread "
              f"{spread * 1e3:.0f} ms), {statistics.median(under):.3f} s under ebb run: "
              f"{100 * added / statistics.median(alone):+.3f}% beyond the start and end above")


if __name__ == "__main__":
    main()
