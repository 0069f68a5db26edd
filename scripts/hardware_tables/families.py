"""data/cpu_family_power.csv: what is known of a CPU whose name is masked, from its CPUID numbers."""
import os

from . import files

HEADER = """Server CPUs by CPUID (x86) or implementer and part (ARM), for masked names ("AMD EPYC", "Intel Xeon Processor").
Made by scripts/make-hardware-tables from data/datasheets/cpu_families.csv and cpu.csv. w_per_thread: thermal design power
by hardware thread; the median over the family's listed members of 8 cores and more (all, where there are none), each
weighing as many as it has threads; low and high the 5th and 95th percentile of these, the ranges of the sheet included.
cores and threads: of the typical member.
A row whose family is 0 stands for the vendor, one whose vendor is `any` for all: median, least and greatest of all members.
server_min_w and server_max_w: Cloud Carbon Footprint's watts by thread of a whole server, idle and full (ccf-coefficients
b0032d9, coefficients-aws-use.csv, Apache-2.0, from SPECpower results): a check, not used."""
COLUMNS = ["vendor", "family", "model_low", "model_high", "stepping_low", "stepping_high", "name", "also", "cores",
           "threads", "w_per_thread", "low_w_per_thread", "high_w_per_thread", "members", "server_min_w", "server_max_w",
           "source"]
VENDORS = {"GenuineIntel": "Intel server CPU", "AuthenticAMD": "AMD server CPU", "0x41": "ARM server CPU"}
SOURCE = "data/datasheets/cpu.csv: makers' pages as each member's row says"
LEAST_CORES = 8


def quantile(pairs, q):
    """The smallest value that has at least the share q of the weights at or below it; pairs are (value, weight)."""
    pairs = sorted(pairs)
    total, so_far = sum(w for _, w in pairs), 0.0
    for value, weight in pairs:
        so_far += weight
        if so_far >= q * total:
            return value
    return pairs[-1][0]


def watts_per_thread(member):
    """(low, value, high)"""
    threads = float(member["threads"])
    value = float(member["tdp_w"])
    return tuple(w / threads for w in (float(member["low_w"] or value), value, float(member["high_w"] or value)))


def spread(members, q):
    """A thread picked at random, so that each member weighs as many as it has threads."""
    low, value, high = ([(watts_per_thread(m)[i], float(m["threads"])) for m in members] for i in range(3))
    return quantile(low, q), quantile(value, 0.5), quantile(high, 1 - q)


def watts_columns(low, value, high):
    return {"w_per_thread": files.short(value, 4), "low_w_per_thread": files.short(low, 4),
            "high_w_per_thread": files.short(high, 4)}


def vendor_row(vendor, name, members, typical):
    return {"vendor": vendor, "family": 0, "model_low": 0, "model_high": 0, "stepping_low": 0, "stepping_high": 0,
            "name": name, "cores": typical["cores"], "threads": typical["threads"], "members": len(members),
            "source": SOURCE, **watts_columns(*spread(members, 0.0))}


def make(data):
    factors = os.path.join(data, "factors")
    ccf = {r["Architecture"]: (float(r["Min Watts"]), float(r["Max Watts"])) for r in
           files.read(os.path.join(factors, "ccf-coefficients", "output", "coefficients-aws-use.csv"))}
    cpus = files.datasheet("cpu.csv")
    by_name = {c["name"]: c for c in cpus}
    rows, by_vendor = [], {}
    for row in files.datasheet("cpu_families.csv"):
        members = [c for c in cpus if c["family"] == row["name"]]
        by_vendor.setdefault(row["vendor"], {})[row["name"]] = members
        big = [m for m in members if int(m["cores"]) >= LEAST_CORES] or members
        typical = by_name[row.pop("typical")]
        row.update(watts_columns(*spread(big, 0.05)), cores=typical["cores"], threads=typical["threads"],
                   members=len(big), source=SOURCE)
        server = ccf.get(row.pop("ccf"))
        if server:
            row.update(server_min_w=files.short(server[0], 3), server_max_w=files.short(server[1], 3))
            ratio = server[1] / float(row["w_per_thread"])
            if not 0.5 < ratio < 2:
                print(f"families: {row['name']}: a whole server takes {server[1]:.2f} W a thread by ccf, the CPU's design "
                      f"power is {row['w_per_thread']} W a thread")
        rows.append(row)
    for vendor, name in VENDORS.items():
        members = [m for family in by_vendor[vendor].values() for m in family]
        rows.append(vendor_row(vendor, name, members, max(members, key=lambda m: float(m["threads"]) == 64)))
    everything = [c for c in cpus if c["family"]]
    rows.append(vendor_row("any", "unknown server CPU", everything, by_name["Intel Xeon Platinum 8375C"]))
    files.write("cpu_family_power.csv", HEADER, COLUMNS, rows)
