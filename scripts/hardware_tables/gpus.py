"""data/gpu_power.csv: the makers' board powers, checked against mlco2/impact and Green Algorithms."""
import os

from . import files
from .names import words_of

HEADER = """Accelerator boards: power limit, and idle power where a source gives one. Made by scripts/make-hardware-tables from
data/datasheets/gpu.csv, whose notes explain [N] [G] [A] [I] [O] [S]. (M=x): mlco2/impact d0d3ee5 (MIT), (G=x): Green
Algorithms 30df2fe (CC BY 4.0), where their figure, after the mends below, is off by more than 10%.
Mended: mlco2 swaps the V100 PCIe (250 W) and the V100 SXM2 16GB (300 W), and gives a GTX 750 250 W and 24 GB.
low_w, high_w: where one name stands for several boards or limits."""
COLUMNS = ["name", "also", "kind", "tdp_w", "low_w", "high_w", "idle_w", "memory_gb", "source"]
# Their names for rows of ours, where words differ.
SAME = {"A100 PCIe 40/80GB": "A100 PCIe", "GIGABYTE GTX 1660 OC": "GTX 1660", "TPUv2 Chip": "TPU v2",
        "TPUv3 Chip": "TPU v3", "AMD RX480": "RX 480"}
# mlco2's name -> the watts that its row should hold.
MENDED = {"Tesla V100-PCIE-16GB": 250.0, "Tesla V100-SXM2-16GB": 300.0, "GTX 750": 55.0}


def others(factors):
    """(code, name, watts) of the two tables."""
    for row in files.read(os.path.join(factors, "mlco2-impact", "gpus.csv")):
        if row["type"] in ("gpu", "tpu"):
            watts = files.number(row["tdp_watts"])
            if row["name"] in MENDED and watts != MENDED[row["name"]]:
                print(f"gpus: mended: mlco2 gives {row['name']} {watts:g} W, it is {MENDED[row['name']]:g} W")
                watts = MENDED[row["name"]]
            yield "M", row["name"], watts
    for row in files.read(os.path.join(factors, "green-algorithms", "TDP_gpu.csv"), skip_lines=1):
        if row["model"] != "Any":
            yield "G", row["model"], files.number(row["TDP"])


def best(rows, name):
    """The row with the most words, all of them in the name."""
    words = set(words_of(SAME.get(name, name)))
    fitting = [(len(words_of(n)), r) for r in rows for n in [r["name"], *r["also"].split("|")]
               if n and set(words_of(n)) <= words]
    return max(fitting, key=lambda f: f[0])[1] if fitting else None


def make(data):
    rows = files.datasheet("gpu.csv")
    for code, name, watts in others(os.path.join(data, "factors")):
        row = best(rows, name)
        if row is None:
            print(f"gpus: no row for {name} ({code}, {watts:g} W)")
            continue
        low, high = float(row["low_w"] or row["tdp_w"]), float(row["high_w"] or row["tdp_w"])
        if watts < low / 1.1 or watts > high * 1.1:
            print(f"gpus: {row['name']}: {row['tdp_w']} W, but {code} gives {name} {watts:g} W")
            row["source"] += f" ({code}={watts:g})"
    files.write("gpu_power.csv", HEADER, COLUMNS, rows)
