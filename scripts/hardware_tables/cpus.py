"""data/cpu_power.csv: thermal design power of CPUs, sources checked against each other."""
import glob
import math
import os
import re

from . import files
from .names import cpu_key

HEADER = """CPU packages (sockets): thermal design power and, where somebody measured it, power idle and with every thread busy.
Made by scripts/make-hardware-tables; sorted by the name as the program compares it (src/hardware/cpu_name.h).
Sources: C codecarbon b05965e (MIT), T carbontracker 70e5a02 (MIT), G Green Algorithms 30df2fe (CC BY 4.0), M mlco2/impact
d0d3ee5 (MIT), D data/datasheets/cpu.csv (facts from the makers). W Teads through ccf-coefficients b0032d9 (Apache-2.0;
CC BY 4.0): package power under a stress test on bare metal. L codecarbon's load profiles (MIT): RAPL, energy / duration.
low_w, high_w: where sources disagree by more than 10%, each is named with its figure (C=95 T=65); or as D says."""
COLUMNS = ["name", "cores", "threads", "tdp_w", "low_w", "high_w", "idle_w", "full_w", "source"]
PREFERRED = "DCGTM"
# Masked names, which stand for many CPUs.
MASKED = {"ARMv8 Processor"}
# The page that the source itself links to is of another CPU than the name says: [source] name -> the CPU meant.
MISNAMED = {("M", "Intel Xeon E5-2699"): "Intel Xeon E5-2699 v3", ("M", "Intel Xeon E5-2650"): "Intel Xeon E5-2650 v4",
            ("M", "Intel Xeon E5-2630v4"): "Intel Xeon E5-2630 v4", ("G", "Rasberry Pi 4"): "Raspberry Pi 4"}
# Teads measured these; the figures of its other CPUs are multiples of one of them, ratio by ratio, so no measurement.
TEADS_MEASURED = ["Xeon E5-2686 v4", "Xeon Platinum 8124M", "Xeon Platinum 8151", "Xeon Platinum 8175M",
                  "Xeon Platinum 8259CL", "Xeon Platinum 8275CL"]
# Folder of codecarbon's load profiles -> name and sockets. E5-1240 is left out: docs/power-model.md says why.
LOAD_PROFILES = {"AMD_EPYC_8024P_8C": ("AMD EPYC 8024P", 1), "AMD_Threadripper": ("AMD Ryzen Threadripper 1950X", 1),
                 "E3-1240": ("Intel Xeon E3-1240 v2", 1), "E5-2620": ("Intel Xeon E5-2620 v3", 2)}


def sources(factors):
    """(code, name, cores, threads, tdp, low, high) of every source."""
    for row in files.datasheet("cpu.csv"):
        yield ("D", row["name"], row["cores"], row["threads"], files.number(row["tdp_w"]),
               files.number(row["low_w"]), files.number(row["high_w"]))
    for code, folder in (("C", "codecarbon"), ("T", "carbontracker")):
        for row in files.read(os.path.join(factors, folder, "cpu_power.csv")):
            yield code, row["Name"], "", "", files.number(row["TDP"]), None, None
    for row in files.read(os.path.join(factors, "green-algorithms", "TDP_cpu.csv"), skip_lines=1):
        yield "G", row["model"], row["n_cores"], "", files.number(row["TDP"]), None, None
    for row in files.read(os.path.join(factors, "mlco2-impact", "gpus.csv")):
        if row["type"] == "cpu":
            yield "M", row["name"], "", "", files.number(row["tdp_watts"]), None, None


def is_bare(name):
    """A number without its brand ("570", "3260 HE"), which several CPUs share."""
    return not re.search(r"(?i)[a-z]{4}|^amd |^intel |^fx[- ]|^[ae]\d+[- ]", name)


def display(name):
    """Without the marks that the program drops anyway, so that one CPU has one name."""
    name = re.sub(r"(?i)^((amd )?\d+th gen |amd (?=a\d+-))", "", name.split(" with ")[0].strip())
    return re.sub(r"\s+", " ", name.replace(",", " "))


def gathered(factors):
    found, dropped = {}, {"bare": 0, "no figure": 0}
    for code, name, cores, threads, tdp, low, high in sources(factors):
        name = MISNAMED.get((code, name), name)
        key = cpu_key(name)
        if tdp is None:
            dropped["no figure"] += 1
        elif name in MASKED or is_bare(name) or (code != "D" and not re.search(r"\d", key)):
            dropped["bare"] += 1
        else:
            found.setdefault(key, []).append((code, display(name), cores, threads, tdp, low, high))
    print(f"cpus: left out {dropped['bare']} names without a brand or masked, {dropped['no figure']} without a figure")
    return found


def merged(entries):
    entries = sorted(entries, key=lambda e: PREFERRED.index(e[0]))
    first = entries[0]
    tdps = [e[4] for e in entries]
    row = {"name": first[1], "cores": next((e[2] for e in entries if e[2]), ""),
           "threads": next((e[3] for e in entries if e[3]), ""), "tdp_w": files.short(first[4])}
    low, high = first[5], first[6]
    codes = sorted({e[0] for e in entries}, key=PREFERRED.index)
    row["source"] = " ".join(codes)
    if max(tdps) > 1.1 * min(tdps):
        low, high = min(tdps + [low or math.inf]), max(tdps + [high or 0])
        row["source"] = " ".join(f"{c}={files.short(t)}" for c, t in sorted({(e[0], e[4]) for e in entries}))
        print(f"cpus: {first[1]}: {row['source']}")
    row["low_w"], row["high_w"] = files.short(low), files.short(high)
    return row


def teads(factors):
    """name -> (idle, full) watts a socket, from the largest instance of each platform that Teads measured."""
    folder = os.path.join(factors, "ccf-coefficients", "data")
    sockets = {r["CPU Name"]: int(r["Platform Number of CPU Socket(s)"])
               for r in files.read(os.path.join(folder, "aws-instances-cpus.csv"))}
    best = {}
    for row in files.read(os.path.join(folder, "aws-instances.csv")):
        name, vcpus = row["Platform CPU Name"], float(row["Instance vCPU"])
        if name in TEADS_MEASURED and vcpus > best.get(name, (0,))[0]:
            share = vcpus / float(row["Platform Total Number of vCPU"]) * sockets[name]
            best[name] = (vcpus, files.number(row["PkgWatt @ Idle"]) / share, files.number(row["PkgWatt @ 100%"]) / share)
    return {"Intel " + name: value[1:] for name, value in best.items()}


def load_profiles(power):
    """name -> (idle, full) watts a socket: energy / duration, as rapl_power is one row late."""
    found = {}
    for folder, (name, sockets) in LOAD_PROFILES.items():
        idle, full = [], []
        for path in glob.glob(os.path.join(power, "codecarbon-cpu-load", folder, "*-2025-01-14.csv")):
            rows = files.read(path)
            watts = [float(r["rapl_energy"]) * 3.6e6 / float(r["duration"]) / sockets for r in rows]
            idle.append(watts[0])
            full.append(watts[-1])
        found[name] = (sum(idle) / len(idle), sum(full) / len(full))
    return found


def make(data):
    factors = os.path.join(data, "factors")
    rows = {key: merged(entries) for key, entries in gathered(factors).items()}
    for code, measured in (("W", teads(factors)), ("L", load_profiles(os.path.join(data, "power")))):
        for name, (idle, full) in sorted(measured.items()):
            row = rows[cpu_key(name)]
            row["idle_w"], row["full_w"] = files.short(idle, 3), files.short(full, 3)
            row["source"] += f" {code}"
    files.write("cpu_power.csv", HEADER, COLUMNS, [rows[key] for key in sorted(rows)])
    return rows
