"""data/memory_power.csv: watts a gigabyte."""
import os

from . import files
from .families import quantile

HEADER = """Power of main memory, watts a gigabyte. Made by scripts/make-hardware-tables.
Published coefficients, and what Teads measured on six bare-metal hosts of AWS (RAPL DRAM, ccf-coefficients b0032d9) idle and
at 10, 50 and 100% load: median, 5th and 95th percentile over hosts and loads."""
COLUMNS = ["name", "w_per_gb", "low_w_per_gb", "high_w_per_gb", "licence", "source"]
# The hosts whose figures are no multiples of 0.2, 0.3, 0.4 and 0.6 W/GB, which Teads takes where it measured nothing.
MEASURED = [f"Xeon Platinum {n}" for n in ("8124M", "8151", "8175M", "8252C", "8259CL", "8275CL")]


def teads(factors):
    """W/GB of the largest instance on each of these hosts, at four loads."""
    largest = {}
    for row in files.read(os.path.join(factors, "ccf-coefficients", "data", "aws-instances.csv")):
        gigabytes, name = files.number(row["Instance Memory (in GB)"]), row["Platform CPU Name"]
        if name in MEASURED and gigabytes > largest.get(name, (0, []))[0]:
            watts = [files.number(row[f"RAMWatt @ {load}"]) for load in ("Idle", "10%", "50%", "100%")]
            largest[name] = (gigabytes, [w / gigabytes for w in watts])
    return [w for _, each in largest.values() for w in each]


def make(data):
    factors = os.path.join(data, "factors")
    green = next(float(r["value"]) for r in
                 files.read(os.path.join(factors, "green-algorithms", "referenceValues.csv"), skip_lines=1)
                 if r["variable"] == "memoryPower")
    points = [(e, 1.0) for e in teads(factors)]
    low, value, high = (quantile(points, q) for q in (0.05, 0.5, 0.95))
    rows = [("Green Algorithms", green, green, green, "CC BY 4.0", "Green Algorithms 30df2fe referenceValues.csv memoryPower"),
            ("Cloud Carbon Footprint", 0.392, 0.392, 0.392, "Apache-2.0",
             "cloudcarbonfootprint.org/docs/methodology: 0.392 Wh a GB and hour from Crucial and Micron"),
            ("codecarbon", 0.375, 0.375, 0.375, "MIT", "codecarbon's constant of 3 W for each 8 GB"),
            ("Teads on AWS hosts", value, low, high, "Apache-2.0 (CCF); CC BY 4.0 (Teads)",
             "ccf-coefficients b0032d9 aws-instances.csv RAMWatt")]
    files.write("memory_power.csv", HEADER, COLUMNS, [
        dict(zip(COLUMNS, (n, *(files.short(x, 4) for x in (v, lo, hi)), licence, source)))
        for n, v, lo, hi, licence, source in rows])
