"""The key under which a CPU's name is found: src/hardware/cpu_name.cc makes the same, and a test holds the table to it."""
import re

NOISE = {"intel", "amd", "cpu", "processor", "processors", "apu", "genuine", "soc"}
NUMBERS = {"dual", "two", "triple", "quad", "four", "six", "eight", "ten", "twelve", "sixteen"}
CUTS = ("@", ",", " with ", " w/ ", " radeon ")


def cpu_key(name):
    text = "".join(c if ord(c) < 128 else " " for c in name.lower())
    for cut in CUTS:
        text = text.split(cut)[0]
    for mark in ("(r)", "(tm)", "(c)"):
        text = text.replace(mark, " ")
    words = re.findall(r"[a-z0-9+.]+", text)
    kept = []
    i = 0
    while i < len(words):
        word, after = words[i], words[i + 1] if i + 1 < len(words) else ""
        if (re.fullmatch(r"\d+(st|nd|rd|th)", word) and after.startswith("gen")) or (
                (word in NUMBERS or re.fullmatch(r"\d{1,3}", word)) and after in ("core", "cores")):
            i += 2
            continue
        if word not in NOISE and not word.endswith(("ghz", "mhz")):
            kept.append(word)
        i += 1
    if len(kept) >= 4 and kept[0] == "xeon" and kept[-1] == "0":
        kept.pop()
    return " ".join(kept)


def words_of(name):
    return re.findall(r"[a-z0-9]+", name.lower())
