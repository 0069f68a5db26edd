"""data/instances.csv: cloud instance types with their share of a host."""
import os
import re

from . import files
from .names import cpu_key

HEADER = """Cloud instance types, what they hold and which part of a host's embodied emissions is theirs. Sorted by name in lower case.
Made by scripts/make-hardware-tables. Sources: F ccf-coefficients b0032d9, *-instances.csv and coefficients-*-embodied.csv
(Apache-2.0); N its *-latest-2026.csv; H data/datasheets/instances.csv (facts from the providers).
cpu: a name of cpu_power.csv or cpu_family_power.csv; several by | where the provider does not say which.
gpus: boards (half a K80 or M60 where the provider counts each of its two GPUs; parts where a board is shared).
host_embodied_kg: the whole host as ccf counts it (N and H: with its coefficients, drives not known). embodied_kg: the part
of this size: GPUs by number, the rest by vCPUs. ccf itself gives every size the whole host: mended."""
COLUMNS = ["provider", "name", "vcpus", "memory_gb", "gpu", "gpus", "cpu", "host_vcpus", "host_embodied_kg", "embodied_kg",
           "source"]
# ccf's coefficients (kg): a server with one CPU and 16 GB, a further CPU, a GB, a GPU.
SERVER, CPU, GIGABYTE, GPU = 1000.0, 100.0, 1.3880208, 150.0
FAMILIES = [("7R32|7V12|7B12|EPYC 2nd", "EPYC Rome"), ("7R13|7V13|7B13|EPYC 3rd", "EPYC Milan"),
            ("9B14|EPYC 4th", "EPYC Genoa"), ("9R05|9B45|EPYC 5th", "EPYC Turin"), ("7571|EPYC 1st", "EPYC Naples"),
            ("Granite", "Granite Rapids"), ("Emerald|8581C", "Emerald Rapids"), ("Sapphire|8481C|8488C", "Sapphire Rapids"),
            ("Ice Lake|8373C", "Ice Lake-SP"), ("Cascade|8252C|8259|8273CL|6253CL|8280L", "Cascade Lake-SP"),
            ("Skylake|8173M|8175", "Skylake-SP"), ("Broadwell", "Broadwell-EP"), ("Haswell", "Haswell-EP"),
            ("Ivy Bridge", "Ivy Bridge-EP"), ("Sandy Bridge|E5-2670$|E5 Family", "Sandy Bridge-EP"), ("Axion", "Google Axion"),
            ("Graviton3", "AWS Graviton3"), ("Graviton4", "AWS Graviton4"), ("Graviton2", "AWS Graviton2"),
            ("Graviton", "AWS Graviton"), ("Altra Q64", "Ampere Altra Q64-30"), ("Grace", "NVIDIA Grace"),
            ("Coffee Lake", "Intel Xeon E-2288G")]
AWS_GPUS = {"p3": "V100 SXM2 16GB", "p3dn": "V100 SXM2 32GB", "p4d": "A100 SXM4 40GB", "p2": "K80", "g2": "K520", "g3": "M60",
            "g3s": "M60", "g4dn": "T4", "g4ad": "Radeon Pro V520"}
NO_SUCH = {"a2-highgpu-16g"}  # the table of 2026 means a2-megagpu-16g
TWO_GPUS = {"K80", "M60", "K520"}  # on a board
SOCKETS_OF_ONE = ("EPYC Rome", "EPYC Milan", "AWS Graviton")  # ccf counts one CPU for these


class Hosts:
    def __init__(self):
        self.known = {cpu_key(r["name"]): r["name"] for r in
                      files.read(os.path.join(files.ROOT, "data", "cpu_power.csv"))}
        self.threads = {r["name"]: int(r["threads"]) for r in files.datasheet("cpu.csv")}
        for row in files.datasheet("cpu_families.csv"):
            self.threads[row["name"]] = self.threads[row["typical"]]

    def cpu(self, text):
        """The name in our tables of what the providers write; "" where it says nothing."""
        text = re.sub(r"^(2nd|3rd) Gen ", "", text.strip())
        if re.match(r"(Xeon|Core|EPYC) ", text) and not text.startswith("EPYC 1st"):
            text = ("AMD " if text.startswith("EPYC") else "Intel ") + text
        if cpu_key(text) in self.known:
            return self.known[cpu_key(text)]
        return next((family for pattern, family in FAMILIES if re.search(pattern, text)), "")

    def threads_of(self, cpu):
        return self.threads.get(cpu.split("|")[0], 64)

    def computed(self, row):
        """(whole host, its GPUs) in kg, with ccf's coefficients."""
        sockets = max(1, round(row["host_vcpus"] / self.threads_of(row["cpu"])))
        gpus = GPU * row["host_gpus"]
        return SERVER + CPU * (sockets - 1) + GIGABYTE * max(0, row["host_memory"] - 16) + gpus, gpus


def family_of(name):
    """m5 of m5.large, cache.m5.large and m5.large.elasticsearch; c7i of c7i-flex.large; n2 of n2-standard-2."""
    parts = [p for p in name.split(".") if p not in ("cache", "db")]
    return parts[0].removesuffix("-flex") if "." in name else name.split("-")[0]


def aws_measured(folder, hosts):
    kg = {r["type"]: r for r in files.read(os.path.join(folder, "output", "coefficients-aws-embodied.csv"))}
    for row in files.read(os.path.join(folder, "data", "aws-instances.csv")):
        name = row["Instance type"]
        gpu = AWS_GPUS.get(family_of(name), "")
        board = 0.5 if gpu in TWO_GPUS else 1.0
        yield {"provider": "aws", "name": name, "vcpus": files.number(row["Instance vCPU"]),
               "memory": files.number(row["Instance Memory (in GB)"]), "gpu": gpu,
               "gpus": board * (files.number(row["Instance Number of GPU"]) or 0),
               "host_gpus": board * (files.number(row["Platform GPU Quantity"]) or 0),
               "cpu": hosts.cpu(row["Platform CPU Name"]), "host_vcpus": files.number(row["Platform Total Number of vCPU"]),
               "host_memory": files.number(row["Platform Memory (in GB)"]), "host_kg": float(kg[name]["total"]),
               "gpu_kg": float(kg[name]["additional_gpus"]), "grows_kg": 0.0, "source": "F"}


def merged_kinds(rows, hosts, cpus_of):
    """One row for one name: the providers' tables have one for each CPU that it may run on."""
    by_name = {}
    for row in rows:
        by_name.setdefault(row["name"], []).append(row)
    for same in by_name.values():
        first = same[0]
        cpus = sorted({hosts.cpu(cpus_of(r)) for r in same} - {""})
        first["cpu"] = "|".join(cpus)
        first["host_kg"] = sum(r["host_kg"] for r in same) / len(same)
        yield first


def ccf_kinds(folder, hosts, provider, name_column):
    """Azure and GCP: a row for each name and microarchitecture."""
    kg = {(r["family"], r["type"], r["microarchitecture"]): r for r in
          files.read(os.path.join(folder, "output", f"coefficients-{provider}-embodied.csv"))}
    family_column = "Series" if provider == "azure" else "Machine Family"
    rows = []
    for row in files.read(os.path.join(folder, "data", f"{provider}-instances.csv")):
        its = kg[(row[family_column], row[name_column], row["Microarchitecture"])]
        rows.append({"provider": provider, "name": row[name_column], "series": row[family_column],
                     "vcpus": files.number(row["Instance vCPUs"]), "memory": files.number(row["Instance Memory"]),
                     "gpu": "", "gpus": 0.0, "host_gpus": files.number(row["Platform GPU"]) or 0.0,
                     "arch": row["Microarchitecture"],
                     "host_vcpus": files.number(row["Platform vCPUs (highest vCPU possible)"]),
                     "host_memory": files.number(row["Platform Memory"]), "host_kg": float(its["total"]),
                     "gpu_kg": float(its["additional_gpus"]),
                     "grows_kg": float(its["additional_memory"]) + float(its["additional_storage"]), "source": "F"})
    largest = {}
    for row in rows:
        largest[row["series"]] = max(largest.get(row["series"], 0), row["vcpus"])
    for row in rows:
        if row["series"] in ("D2 – D64 v4",):
            row["host_vcpus"] = 64.0  # one of its rows says 256
        row["host_vcpus"] = max(row["host_vcpus"], largest[row["series"]] if row["vcpus"] >= 1 else 0)
    return merged_kinds(rows, hosts, lambda r: r["arch"])


def azure(folder, hosts):
    rows = list(ccf_kinds(folder, hosts, "azure", "Virtual Machine"))
    for row in rows:
        row["name"] = re.sub(r" 1$", "", row["name"]).replace(" ", "_")  # " 1" is a footnote's mark
    by_name = {r["name"]: r for r in rows}
    for row in rows:
        if row["series"].startswith("Constrained"):
            # A size with some of its vCPUs switched off: ccf gives the part that is left; the host's share is the whole size's.
            parent = by_name.get(re.sub(r"-\d+", "", row["name"]))
            whole = row["host_vcpus"]
            if parent:
                row.update({k: parent[k] for k in ("host_vcpus", "host_kg", "gpu_kg", "grows_kg", "cpu")})
            row["share_vcpus"], row["vcpus"] = whole, row["vcpus"] * whole
    return rows


def gcp(folder, hosts):
    return list(ccf_kinds(folder, hosts, "gcp", "Machine type"))


def newer(folder, hosts, provider, columns, known):
    """Names that only the tables of 2026 hold: no platform, so the host is the family's largest size."""
    name_column, vcpu_column, memory_column, cpu_column = columns
    rows = files.read(os.path.join(folder, "data", f"{provider}-instances-latest-2026.csv"))
    largest = {}
    for row in rows:
        size = (files.number(row[vcpu_column]), files.number(row[memory_column]))
        family = family_of(row[name_column])
        largest[family] = max(largest.get(family, (0, 0)), size)
    for row in rows:
        name = row[name_column]
        if name in known or name in NO_SUCH or family_of(name).startswith("mac"):
            continue
        host_vcpus, host_memory = largest[family_of(name)]
        yield {"provider": provider, "name": name, "vcpus": files.number(row[vcpu_column]),
               "memory": files.number(row[memory_column]), "gpu": "", "gpus": 0.0, "host_gpus": 0.0,
               "cpu": hosts.cpu(row[cpu_column]), "host_vcpus": host_vcpus, "host_memory": host_memory, "source": "N"}


def with_accelerators(rows):
    """Adds what the hand-made sheet knows to the rows, and its own rows."""
    by_name = {(r["provider"], r["name"]): r for r in rows}
    for sheet in files.datasheet("instances.csv"):
        row = by_name.get((sheet["provider"], sheet["name"]))
        if row is None:
            row = {"provider": sheet["provider"], "name": sheet["name"], "source": "H"}
            rows.append(row)
        elif row["source"] == "N" or sheet["cpu"] or sheet["vcpus"]:
            row["source"] += " H"
        of_ccf = row.get("host_gpus", 0) * (0.5 if sheet["gpu"] in TWO_GPUS else 1.0)
        row.update({"gpu": sheet["gpu"], "gpus": float(sheet["gpus"]), "host_gpus": of_ccf or float(sheet["host_gpus"])})
        for key, column in (("vcpus", "vcpus"), ("memory", "memory_gb"), ("host_vcpus", "host_vcpus"),
                            ("host_memory", "host_memory_gb")):
            if sheet[column]:
                row[key] = float(sheet[column])
        if sheet["cpu"]:
            row["cpu"] = sheet["cpu"]
    return rows


def mend_hosts(rows, hosts):
    """The host of a size: a platform smaller than half of two typical CPUs is no host but the largest size that ccf knows."""
    for row in rows:
        if "host_kg" not in row:
            row["host_kg"], row["gpu_kg"] = hosts.computed(row)
        elif row["provider"] != "aws" and not row["gpus"]:
            sockets = 1 if row["cpu"].startswith(SOCKETS_OF_ONE) else 2
            typical = sockets * hosts.threads_of(row["cpu"] or "Haswell-EP")
            if row["host_vcpus"] < typical / 2:
                row["host_kg"] += row["grows_kg"] * (typical / row["host_vcpus"] - 1)
                row["host_vcpus"] = float(typical)


def mend_memory(rows, hosts):
    """Two AWS sizes are in megabytes, GCP's m2 in thousands of gigabytes (a comma that was read as a point)."""
    for row in rows:
        if row["provider"] == "aws" and row["memory"] > 100 * row["vcpus"] and row["vcpus"] == 1:
            print(f"instances: mended: {row['name']} has {row['memory'] / 1000:g} GB, not {row['memory']:g}")
            row["memory"] /= 1000
        if row["provider"] == "gcp" and row["memory"] < 0.1 * row["vcpus"]:
            print(f"instances: mended: {row['name']} has {row['memory'] * 1000:g} GB, not {row['memory']:g}")
            row["memory"] *= 1000
            row["host_memory"] *= 1000
            row["host_kg"], row["gpu_kg"] = hosts.computed(row)


def mend_shares(rows):
    """embodied_kg. An AWS family whose largest size takes half of the host's vCPUs and more is taken to have it alone; the
    others' platforms are the largest size already."""
    largest = {}
    for row in rows:
        key = (row["provider"], family_of(row["name"]), row["host_vcpus"])
        largest[key] = max(largest.get(key, 0), row["vcpus"])
    for row in rows:
        whole = row["host_vcpus"]
        sold = largest[(row["provider"], family_of(row["name"]), whole)]
        if row["provider"] == "aws" and sold >= whole / 2:
            whole = sold
        rest = (row["host_kg"] - row["gpu_kg"]) * min(1, row.get("share_vcpus", row["vcpus"]) / whole)
        row["embodied"] = rest + (row["gpu_kg"] * row["gpus"] / row["host_gpus"] if row["host_gpus"] else 0)


def make(data):
    folder, hosts = os.path.join(data, "factors", "ccf-coefficients"), Hosts()
    rows = [*aws_measured(folder, hosts), *azure(folder, hosts), *gcp(folder, hosts)]
    known = {r["name"] for r in rows}
    rows += newer(folder, hosts, "aws", ("Instance Type", "vCPUs", "Memory (GiB)", "Platform CPU Name"), known)
    rows += newer(folder, hosts, "gcp", ("Instance Type", "Instance vCPU", "Instance Memory", "CPU Name"), known)
    rows = with_accelerators(rows)
    mend_hosts(rows, hosts)
    mend_memory(rows, hosts)
    mend_shares(rows)
    print(f"instances: {sum(not r['cpu'] for r in rows)} without a CPU that we know")
    files.write("instances.csv", HEADER, COLUMNS, [
        {"provider": r["provider"], "name": r["name"], "vcpus": files.short(r["vcpus"]), "memory_gb": files.short(r["memory"]),
         "gpu": r["gpu"], "gpus": files.short(r["gpus"] or None), "cpu": r["cpu"], "host_vcpus": files.short(r["host_vcpus"]),
         "host_embodied_kg": files.short(r["host_kg"], 5), "embodied_kg": files.short(r["embodied"], 5), "source": r["source"]}
        for r in sorted(rows, key=lambda r: (r["name"].lower(), r["provider"]))])
