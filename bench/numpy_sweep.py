#!/usr/bin/env python3
"""The same year sweeps in numpy, for bench/compare: sixteen made-up 5-minute years, 24 h slack.

Prints a line a method: name and milliseconds (the least of some runs). Needs numpy; scipy for the sliding minimum.
"""
import sys
import time

import numpy as np

try:
    from scipy.ndimage import minimum_filter1d
except ImportError:
    minimum_filter1d = None

SLOTS = 105120
SLACK = 288


def years():
    rng = np.random.default_rng(1)
    t = np.arange(SLOTS)
    out = []
    for seed in range(16):
        drift = np.zeros(SLOTS)
        noise = rng.normal(0, 12, SLOTS)
        for i in range(1, SLOTS):
            drift[i] = 0.97 * drift[i - 1] + noise[i]
        out.append(np.maximum(0, 350 + 120 * np.sin(2 * np.pi * t / 288 + seed) + 40 * np.cos(2 * np.pi * t / SLOTS) + drift))
    return out


def flexible_start(year, n):
    prefix = np.concatenate(([0.0], np.cumsum(year)))
    runs = prefix[n:] - prefix[:-n]
    width = SLACK + 1
    if minimum_filter1d is not None:
        return minimum_filter1d(runs, width, origin=-(width // 2))[: len(runs) - SLACK] / n
    return np.lib.stride_tricks.sliding_window_view(runs, width).min(axis=1) / n


def pause_resume(year, n, starts):
    windows = np.lib.stride_tricks.sliding_window_view(year, n + SLACK)
    out = np.empty(starts)
    for first in range(0, starts, 2048):
        part = np.partition(windows[first:min(first + 2048, starts)], n - 1, axis=1)
        out[first:first + len(part)] = part[:, :n].mean(axis=1)
    return out


def least(runs, action):
    best = float("inf")
    for _ in range(runs):
        begin = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - begin)
    return best * 1e3


def main():
    zones = years()
    name = "scipy" if minimum_filter1d is not None else "numpy"
    for minutes in (20, 360, 11520):
        n = minutes // 5
        print(f"{name}/flexible_start/16_zones/minutes/{minutes} "
              f"{least(3, lambda: [flexible_start(z, n) for z in zones]):.1f}")
    if "--partition" in sys.argv:
        for minutes in (360,):
            n = minutes // 5
            starts = SLOTS - n - SLACK + 1
            print(f"numpy/pause_resume/16_zones/minutes/{minutes} "
                  f"{least(1, lambda: [pause_resume(z, n, starts) for z in zones]):.1f}")


if __name__ == "__main__":
    main()
