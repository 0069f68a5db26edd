"""Laws that any data must keep, seen from outside."""

import json
import unittest

import program

JOB = ("--start", "2020-01-01T00:30:00Z", "--power", "8x300W", "--duration", "6h")
# Two days of hours with ties, zeros and a missing slot.
VALUES = [300, 300, 200, 0, 0, 150, 420, 410, 300, 250, 250, 100, None, 90, 80, 80, 500, 510, 200, 210, 0, 30, 40, 50] * 2


class Laws(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.series("s.csv", VALUES)
        self.write("e.csv", "experiment,hours,energy_kwh\nsix,6,14.4\nshort,1.3,0.5\n")

    def study(self, *words):
        return self.good("study", "--series", "s.csv", "--experiments", "e.csv", "--json", *words)

    def test_a_study_gives_the_same_bytes_whatever_the_number_of_threads(self):
        data = program.real_data()
        words = ["study", "dodge2022", "--starts", "200", "--slack", "6h,24h,50%", "--json"]
        words += ["--grid-data", data] if data else []
        seen = set()
        for threads in ("1", "2", "7"):
            out = self.good(*words, "--threads", threads).out
            seen.add(out)
        self.assertEqual(len(seen), 1)

    def test_the_same_input_gives_the_same_bytes_again(self):
        words = ("plan", "--series", "s.csv", *JOB, "--slack", "24h", "--strategy", "pause-resume", "--json")
        self.assertEqual(self.good(*words).out, self.good(*words).out)

    def test_equal_slacks_in_hours_and_in_percent_give_equal_rows(self):
        rows = self.study("--slack", "6h,100%").json()["rows"]
        by_slack = {slack: [{k: v for k, v in row.items() if k != "slack"} for row in rows
                            if row["slack"] == slack and row["experiment"] == "six"] for slack in ("6h", "100%")}
        self.assertEqual(len(by_slack["6h"]), 2)
        self.assertEqual(by_slack["6h"], by_slack["100%"])

    def test_a_slack_and_its_deadline_give_the_same_plan(self):
        slack = self.good("plan", "--series", "s.csv", *JOB, "--slack", "4h", "--json").json()
        deadline = self.good("plan", "--series", "s.csv", *JOB, "--deadline", "2020-01-01T10:30:00Z", "--json").json()
        self.assertEqual(slack, deadline)

    def plan_grams(self, *words):
        return self.good("plan", "--series", "s.csv", *JOB, *words, "--json").json()["emissions_g"]

    def test_pausing_is_never_worse_and_limits_never_better(self):
        for slack in ("0s", "1h", "3h30m", "9h", "24h"):
            with self.subTest(slack):
                now = self.plan_grams("--strategy", "run-now", "--slack", slack)
                flexible = self.plan_grams("--slack", slack)
                free = self.plan_grams("--strategy", "pause-resume", "--slack", slack)
                self.assertLessEqual(free, flexible * (1 + 1e-12))
                self.assertLessEqual(flexible, now * (1 + 1e-12))
                costs = ("--pause-power", "60W"), ("--max-pauses", "1"), ("--min-run", "2h"), ("--pause-time", "10m")
                for cost in costs:
                    dear = self.plan_grams("--strategy", "pause-resume", "--slack", slack, *cost)
                    self.assertLessEqual(free, dear * (1 + 1e-12), cost)
                straight = self.plan_grams("--strategy", "pause-resume", "--slack", slack, "--max-pauses", "0")
                self.assertAlmostEqual(straight, flexible, delta=1e-9 * flexible)

    def test_more_slack_never_costs_more(self):
        for strategy in ("flexible-start", "pause-resume"):
            grams = [self.plan_grams("--strategy", strategy, "--slack", f"{hours}h") for hours in range(0, 30, 3)]
            for less, more in zip(grams, grams[1:]):
                self.assertLessEqual(more, less * (1 + 1e-12))

    def test_a_plan_runs_exactly_the_running_time_inside_its_window(self):
        from datetime import datetime

        moment = datetime.fromisoformat
        for strategy in ("run-now", "flexible-start", "pause-resume"):
            plan = self.good("plan", "--series", "s.csv", "--start", "2020-01-01T01:10:00Z", "--duration", "95m", "--power",
                             "1kW", "--slack", "7h20m", "--strategy", strategy, "--json").json()
            runs = [(moment(s["begin"]), moment(s["end"])) for s in plan["segments"]]
            self.assertEqual(sum((end - begin).total_seconds() for begin, end in runs), 95 * 60)
            self.assertGreaterEqual(runs[0][0], moment(plan["start"]))
            self.assertLessEqual(runs[-1][1], moment(plan["deadline"]))
            for (_, end), (begin, _) in zip(runs, runs[1:]):
                self.assertLess(end, begin)
            total = sum(s["emissions_g"] for s in plan["segments"]) + plan["pause_emissions_g"]
            self.assertAlmostEqual(plan["emissions_g"], total, delta=1e-9 * max(total, 1))

    def test_every_key_of_the_contract_is_there(self):
        plan = self.good("plan", "--series", "s.csv", *JOB, "--slack", "24h", "--json").json()
        for key in ("strategy zone signal source data_quality start deadline running_seconds energy_kwh baseline emissions_g "
                    "saved_g saved_fraction pauses segments pause_emissions_g delay_seconds lower_bound_g other_book foresight "
                    "warnings").split():
            self.assertIn(key, plan)
        row = self.study("--slack", "6h").json()["rows"][0]
        for key in ("zone signal source data_quality experiment slack strategy starts skipped_starts zero_baseline_starts "
                    "baseline_g emissions_g saved_g saved_percent_mean saved_percent_of_total harmed_percent pauses_mean "
                    "pauses_per_hour delay_seconds_mean delay_seconds_p95").split():
            self.assertIn(key, row)

    def test_no_strategy_of_the_papers_evaluation_is_beaten_by_a_narrower_one(self):
        folders = [None] + [f for f in [program.real_data()] if f]
        for folder in folders:
            words = ("study", "dodge2022", "--json") + (("--grid-data", folder) if folder else ())
            rows = self.good(*words).json()["rows"]
            self.assertEqual(len(rows), 17 * 11 * 8 * 2)
            flexible = {}
            for row in rows:
                if row["strategy"] == "flexible-start":
                    flexible[row["series_id"], row["experiment"], row["slack"]] = row
            for row in rows:
                if row["strategy"] != "pause-resume" or not row["starts"]:
                    continue
                narrow = flexible[row["series_id"], row["experiment"], row["slack"]]
                for key in ("saved_percent_mean", "saved_percent_of_total", "saved_g"):
                    self.assertGreaterEqual(row[key], narrow[key] - 1e-9 * abs(narrow[key]) - 1e-9, row)
                self.assertEqual(row["baseline_g"], narrow["baseline_g"])


class Json(program.ProgramTest):
    def test_stdout_is_one_document_and_nothing_else(self):
        self.series("s.csv", VALUES)
        self.write("e.csv", "experiment,hours,energy_kwh\nsix,6,14.4\n")
        self.write("w.csv", "datetime_utc,FR\n2022-01-01 00:00:00+00:00,1\n2022-01-01 01:00:00+00:00,\n")
        study = ("study", "--series", "s.csv", "--experiments", "e.csv", "--slack", "6h")
        for words in (("plan", "--series", "s.csv", *JOB, "--slack", "12h"), study, (*study, "--report", "out"),
                      ("grid", "import", "--format", "electricity-maps-wide", "w.csv"),
                      ("grid", "import", "--format", "electricity-maps-wide", "w.csv", "--output", "fr.csv"),
                      ("report",), ("report", "out/study.json")):
            with self.subTest(words):
                result = self.good(*words, "--json")
                self.assertIsInstance(json.loads(result.out), dict)
                self.assertTrue(result.out.endswith("\n"))
                self.assertNotIn("NaN", result.out)
                self.assertNotIn("Infinity", result.out)


if __name__ == "__main__":
    program.main()
