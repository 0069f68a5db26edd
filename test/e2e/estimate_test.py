"""ebb estimate: the document, its laws, what is refused, and how it stands against measured trainings."""

import csv
import json
import unittest

import program

GPUS = ("--gpu", "A100", "--gpus", "8", "--hours", "6", "--utilisation", "70%")


class EstimateTest(program.ProgramTest):
    def estimate(self, *words, env=None):
        return self.good("estimate", *words, "--json", env=env).json()

    def kwh(self, *words):
        document = self.estimate(*words)
        return document["energy_kwh"], *document["uncertainty"]["energy_kwh"]


class Document(EstimateTest):
    def test_the_keys_of_a_run_are_there_and_the_figures_add_up(self):
        document = self.estimate(*GPUS, "--region", "aws:us-east-1", "--per", "epoch", "--count", "4")
        for key in ("run_id", "command", "project", "tags", "parent_run", "nodes", "begin", "end", "exit_code", "components",
                    "energy_kwh", "boundary", "pue", "zone", "signal", "intensity_mean_g_per_kwh", "operational_g",
                    "embodied_g", "emissions_g", "attributional", "consequential", "sci", "uncertainty", "slots", "coverage",
                    "pauses", "what_if", "meter", "versions", "warnings", "place", "hardware", "elsewhere"):
            self.assertIn(key, document)
        self.assertEqual(document["zone"], "US-MIDA-PJM")
        self.assertEqual(document["place"], "aws:us-east-1")
        self.assertEqual({part["method"] for part in document["components"]}, {"modelled:estimate"})
        self.assertAlmostEqual(document["energy_kwh"], sum(part["energy_kwh"] for part in document["components"]))
        operational = document["energy_kwh"] * document["pue"] * document["intensity_mean_g_per_kwh"]
        self.assertAlmostEqual(document["operational_g"], operational, places=6)
        self.assertAlmostEqual(document["emissions_g"], document["operational_g"] + document["embodied_g"], places=6)
        self.assertAlmostEqual(document["sci"]["value"] * 4, document["emissions_g"], places=6)
        low, high = document["uncertainty"]["emissions_g"]
        self.assertLess(low, document["emissions_g"])
        self.assertGreater(high, document["emissions_g"])
        self.assertEqual(document["pue"], 1.2)

    def test_every_null_of_the_top_has_a_line_in_the_warnings(self):
        document = self.estimate(*GPUS, "--region", "FR")
        text = "\n".join(document["warnings"])
        for key in ("begin", "exit_code", "power", "machine", "consequential", "user"):
            self.assertIsNone(document[key])
            self.assertRegex(text, rf"(?m)^{key}: |{key} book is empty")

    def test_with_a_start_slots_add_up_to_energy_and_emissions(self):
        document = self.estimate(*GPUS, "--region", "azure:westus", "--start", "2026-03-01T08:02:00Z")
        self.assertEqual(document["begin"], "2026-03-01T08:02:00Z")
        self.assertEqual(document["end"], "2026-03-01T14:02:00Z")
        self.assertAlmostEqual(sum(slot["energy_kwh"] for slot in document["slots"]), document["energy_kwh"])
        grams = sum(slot["energy_kwh"] * slot["g_per_kwh"] for slot in document["slots"]) * document["pue"]
        self.assertAlmostEqual(grams, document["operational_g"], places=6)
        self.assertEqual(document["signal"]["kind"], "marginal")
        self.assertIn("typical-year of 2020 laid on 2026", document["consequential"]["source"])
        self.assertIn("typical-year of 2022 laid on 2026", document["attributional"]["source"])
        self.assertEqual(document["attributional"]["data_quality"]["modelled"], 1)
        average = self.estimate(*GPUS, "--region", "azure:westus", "--start", "2026-03-01T08:02:00Z", "--signal", "average")
        self.assertEqual(average["operational_g"], document["attributional"]["operational_g"])

    def test_without_a_place_there_is_energy_and_no_grams(self):
        document = self.estimate("--power", "300W", "--hours", "10")
        self.assertEqual(document["energy_kwh"], 3.0)
        self.assertIsNone(document["emissions_g"])
        self.assertIsNone(document["elsewhere"])
        self.assertEqual(self.estimate("--power", "300W", "--hours", "10", env={"EBB_ZONE": "fr"})["zone"], "FR")

    def test_elsewhere_is_one_signal_and_source_and_lower_than_here(self):
        here = self.estimate(*GPUS, "--region", "gcp:europe-west3")["elsewhere"]
        self.assertEqual(here["word"], "allocated")
        self.assertEqual(len(here["best"]), 3)
        self.assertGreater(here["compared"], 20)
        last = 0.0
        for place in here["best"]:
            self.assertTrue(place["name"].startswith("gcp:"))
            self.assertGreaterEqual(place["operational_g"], last)
            last = place["operational_g"]
            self.assertAlmostEqual(place["less_g"], here["here"]["operational_g"] - place["operational_g"], places=6)
            self.assertGreater(place["less_g"], 0.0)
        lowest = self.estimate(*GPUS, "--region", here["best"][0]["name"])["elsewhere"]
        self.assertEqual(lowest["best"], [])

    def test_text_begins_with_grams_and_says_the_book(self):
        result = self.good("estimate", *GPUS, "--region", "FR")
        self.assertRegex(result.out, r"^emissions +[0-9.]+ k?g CO2e \(90%: ")
        self.assertIn("average lifecycle, FR", " ".join(result.out.split()))
        self.assertIn("less allocated", " ".join(result.out.split()))
        self.assertIn("warning: ", result.err)
        self.assertEqual(self.good("estimate", *GPUS, "--region", "FR", "--quiet").err, "")


class Laws(EstimateTest):
    def test_twice_the_boards_or_hours_is_twice_the_energy(self):
        one = self.kwh("--gpu", "V100", "--hours", "3")
        for words in (("--gpu", "2xV100", "--hours", "3"), ("--gpu", "V100", "--gpus", "2", "--duration", "3h"),
                      ("--gpu", "V100", "--hours", "6"), ("--hardware", "2xV100", "--hours", "3"),
                      ("--hardware", "V100", "--gpus", "2", "--hours", "3")):
            for a, b in zip(one, self.kwh(*words)):
                self.assertAlmostEqual(2 * a, b, msg=words)

    def test_hardware_is_a_board_a_processor_or_an_instance(self):
        for name, option in (("EPYC 7763", "--cpu"), ("aws:p3.2xlarge", "--instance"), ("A100", "--gpu")):
            self.assertEqual(self.kwh("--hardware", name, "--hours", "3"), self.kwh(option, name, "--hours", "3"))

    def test_an_estimate_is_verified_where_it_has_a_time(self):
        path = self.folder / "estimate.json"
        for start, code, words in ((("--start", "2026-03-01T08:00:00Z"), 0, "reproduced"), ((), 3, "ebb estimate --start")):
            path.write_text(json.dumps(self.estimate(*GPUS, "--region", "FR", *start)))
            done = self.ebb("report", "--verify", str(path))
            self.assertEqual(done.code, code, done.err)
            self.assertIn(words, done.out + done.err)

    def test_what_is_not_said_widens_the_interval(self):
        said = self.kwh("--gpu", "A100", "--hours", "1", "--utilisation", "75%")
        unsaid = self.kwh("--gpu", "A100", "--hours", "1")
        self.assertEqual(said[0], unsaid[0])
        self.assertLess(unsaid[1], said[1])
        self.assertGreater(unsaid[2], said[2])

    def test_the_mean_over_starts_is_what_no_start_says(self):
        self.series("grid.csv", [100, 300, 500, 200, 400, 600], signal="average lifecycle")
        job = ("--power", "1kW", "--hours", "2", "--series", "grid.csv")
        starts = [self.estimate(*job, "--start", f"2020-01-01T0{hour}:00:00Z")["operational_g"] for hour in range(5)]
        self.assertAlmostEqual(self.estimate(*job)["operational_g"], sum(starts) / 5, places=6)

    def test_a_missing_slot_under_the_job_leaves_no_total(self):
        self.series("grid.csv", [100, None, 500, 200], signal="average lifecycle")
        job = ("--power", "1kW", "--hours", "2", "--series", "grid.csv")
        self.assertIsNone(self.estimate(*job, "--start", "2020-01-01T00:00:00Z")["emissions_g"])
        self.assertAlmostEqual(self.estimate(*job)["operational_g"], 700.0)
        self.series("holes.csv", [100, None, 500, None], signal="average lifecycle")
        result = self.ebb("estimate", "--power", "1kW", "--hours", "2", "--series", "holes.csv")
        self.assertEqual(result.code, 4, result)

    def test_the_pue_is_the_sites_the_providers_or_as_given(self):
        job = ("--gpu", "A100", "--hours", "1")
        for words, pue in ((("--region", "gcp:europe-west1"), 1.08), (("--region", "gcp:us-west2"), 1.12),
                           (("--region", "FR"), 1.0), (("--region", "FR", "--pue", "azure"), 1.12),
                           (("--region", "gcp:europe-west1", "--pue", "1.5"), 1.5)):
            self.assertEqual(self.estimate(*job, *words)["pue"], pue, words)

    def test_an_instance_is_its_parts(self):
        document = self.estimate("--instance", "aws:p3.2xlarge", "--hours", "5", "--region", "us-east-1")
        self.assertEqual([part["kind"] for part in document["components"]], ["gpu", "cpu", "dram"])
        twice = self.estimate("--instance", "2xaws:p3.2xlarge", "--hours", "5", "--region", "us-east-1")
        self.assertAlmostEqual(twice["emissions_g"], 2 * document["emissions_g"], places=6)
        without = self.estimate("--instance", "aws:p3.2xlarge", "--hours", "5", "--region", "us-east-1", "--embodied", "none")
        self.assertEqual(without["embodied_g"], 0)
        self.assertEqual(without["operational_g"], document["operational_g"])


class Refused(EstimateTest):
    def test_bad_words_are_refused_with_what_to_do(self):
        gpu = ("--gpu", "A100", "--hours", "1")
        for code, words, said in (
                (2, ("--hours", "1"), "--gpu A100"), (2, ("--gpu", "A100"), "--hours 6"), (2, (*gpu, "--hours", "0"), ""),
                (2, ("--gpu", "A100", "--hours", "0"), "above 0"), (2, ("--gpu", "A100", "--hours", "-1"), ""),
                (2, ("--gpu", "A100", "--hours", "1", "--duration", "1h"), "leave one out"),
                (2, ("--gpu", "A100", "--hours", "nan"), ""), (2, ("--gpu", "A10O", "--hours", "1"), "A100"),
                (2, ("--gpu", "8xA100", "--gpus", "8", "--hours", "1"), "one too many"),
                (2, ("--memory", "64", "--hours", "1"), "64GB"), (2, (*gpu, "--utilisation", "170%"), "--utilisation"),
                (2, ("--cores", "3", "--memory", "1GB", "--hours", "1"), "--cpu"),
                (2, ("--instance", "aws:p3.2xlarge", "--gpu", "A100", "--hours", "1"), "leave out"),
                (2, ("--instance", "aws:p3.2xlarge", "--hours", "1", "--region", "gcp:us-west1"), "sold by aws"),
                (2, (*gpu, "--region", "FR", "--zone", "DE"), "leave one out"), (2, (*gpu, "--pue", "0.5"), "PUE"),
                (2, (*gpu, "--embodied", "lots"), "--embodied"), (2, (*gpu, "--start", "2026-01-01T00:00:00"), "--start"),
                (2, ("--gpu", "A100", "--duration", "400d", "--start", "2026-01-01T00:00:00Z"), "366 days"),
                (4, (*gpu, "--region", "aws:us-esat-1"), "aws:us-east-1"), (4, (*gpu, "--region", "Atlantis"), "zone")):
            with self.subTest(words):
                result = self.ebb("estimate", *words)
                self.assertEqual(result.code, code, result)
                self.assertIn(said, result.err)
                self.assertEqual(result.out, "")

    def test_long_and_hostile_values_are_refused_quickly(self):
        for words in (("--gpu", "x" * 100000, "--hours", "1"), ("--gpu", "A100", "--hours", "9" * 5000),
                      ("--gpu", "A100", "--hours", "1", "--region", ":" * 5000), ("--cpu", "\x1b[2J", "--hours", "1")):
            result = self.ebb("estimate", *words)
            self.assertIn(result.code, (2, 4), result)
            self.assertNotIn("\x1b", result.err)
            self.assertLess(result.seconds, 5.0)

    def test_a_century_at_any_time_is_no_trouble(self):
        result = self.good("estimate", "--gpu", "A100", "--hours", "876000", "--zone", "US-CAL-CISO", "--json")
        self.assertLess(result.peak_mb, 200)


class Measured(EstimateTest):
    """docs/estimate.md, Held against what was measured."""

    def test_the_papers_eleven_trainings_lie_in_the_interval(self):
        lines = [line for line in (program.SOURCE / "data" / "experiments.csv").read_text().splitlines()
                 if not line.startswith("#")]
        ratios = []
        for row in csv.DictReader(lines):
            if row["extrapolated"] != "no":
                continue
            value, low, high = self.kwh("--gpu", row["gpu"], "--gpus", row["gpu_count"], "--hours", row["hours"])
            measured = float(row["energy_kwh"])
            with self.subTest(row["experiment"]):
                self.assertLessEqual(low, measured)
                self.assertLessEqual(measured, high)
            ratios.append(measured / value)
        self.assertEqual(len(ratios), 11)
        self.assertAlmostEqual(sorted(ratios)[5], 0.82, delta=0.02)

    def test_strubells_three_trainings_are_within_a_seventh(self):
        for gpu, count, hours, watts in (("P100", 8, 84, 1515.43), ("P100", 3, 336, 517.66), ("V100", 64, 79, 12041.51)):
            value, low, high = self.kwh("--gpu", gpu, "--gpus", count, "--hours", hours, "--utilisation", "100%")
            measured = watts * hours / 1000
            self.assertLess(abs(value / measured - 1), 1 / 7)
            self.assertTrue(low < measured < high)


if __name__ == "__main__":
    program.main()
