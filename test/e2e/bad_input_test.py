"""What the program says, and with which exit code, when its input is wrong (the contract's codes)."""

import gzip
import json
import unittest

import program

USAGE, BAD_DATA, NO_DATA, SERVICE, INFEASIBLE = 2, 3, 4, 5, 6
HEAD = "# zone: Z\n# signal: marginal direct\n# source: made up\ntime,g_per_kwh\n"
JOB = ("--start", "2020-01-01T00:00:00Z", "--duration", "2h", "--power", "100W", "--slack", "4h")


def rows(*pairs):
    return HEAD + "".join(f"{time},{value}\n" for time, value in pairs)


class BadInput(program.ProgramTest):
    def refuse(self, code, words, *said):
        """Exactly this code, nothing on stdout, one error on stderr that names the command and says all of `said`."""
        result = self.ebb(*words)
        self.assertEqual(result.code, code, result)
        self.assertEqual(result.out, "", result)
        lines = [line for line in result.err.splitlines() if not line.startswith("warning: ")]
        self.assertEqual(len(lines), 1, result)
        self.assertTrue(lines[0].startswith("ebb"), result)
        for text in said:
            self.assertIn(text.lower(), lines[0].lower(), result)
        return result

    def refuse_series(self, text, *said):
        self.write("s.csv", text)
        return self.refuse(BAD_DATA, ("plan", "--series", "s.csv", *JOB), "s.csv", *said)

    def hours(self, count=24, **more):
        return self.series("s.csv", [100 + 7 * (i % 11) for i in range(count)], **more)

    def plan(self, **options):
        """A plan's words; an option with None is left out."""
        words = {"start": "2020-01-01T00:00:00Z", "duration": "2h", "power": "100W", "slack": "4h", **options}
        flags = [w for k, v in words.items() if v is not None for w in ("--" + k.replace("_", "-"), v)]
        return ("plan", "--series", self.hours(), *flags)


class Times(BadInput):
    def test_a_start_without_zone_is_a_usage_error(self):
        self.refuse(USAGE, self.plan(start="2020-01-01T00:00:00"), "--start", "no zone")

    def test_a_deadline_without_zone_is_a_usage_error(self):
        self.refuse(USAGE, self.plan(slack=None, deadline="2020-01-01T12:00"), "--deadline", "no zone")

    def test_a_day_that_the_month_has_not(self):
        self.refuse(USAGE, self.plan(start="2020-02-30T00:00:00Z"), "--start", "no such day")

    def test_a_time_outside_of_the_calendar(self):
        for start in ("2150-12-31T23:59:59-23:59", "1900-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z",
                      "9999-12-31T23:59:59Z"):
            with self.subTest(start):
                self.refuse(USAGE, self.plan(start=start), "--start", "its year is not within 1900 to 2150")

    def test_a_window_that_ends_behind_the_calendar_is_beyond_the_data(self):
        self.refuse(NO_DATA, self.plan(start="2150-06-01T00:00:00Z", duration="36000d", slack="36000d"))
        self.refuse(NO_DATA, self.plan(slack=None, start="1900-01-01T00:00:00Z", deadline="2150-12-31T00:00:00Z"))
        self.refuse(INFEASIBLE, self.plan(slack=None, start="2150-12-31T00:00:00Z", deadline="1900-01-01T00:00:00Z"))

    def test_a_row_without_zone_is_bad_data(self):
        self.refuse_series(rows(("2020-01-01T00:00:00Z", 1), ("2020-01-01T01:00:00", 2)), "s.csv:6", "no zone")

    def test_a_row_in_another_zone_than_utc_is_bad_data(self):
        self.refuse_series(rows(("2020-01-01T00:00:00+01:00", 1), ("2020-01-01T01:00:00+01:00", 2)), "s.csv:5", "UTC")


class Zones(BadInput):
    def test_an_unknown_zone_names_the_nearest(self):
        self.refuse(NO_DATA, ("plan", "--zone", "US-CAL-CIS0", *JOB), "US-CAL-CIS0", "US-CAL-CISO")

    def test_an_unknown_zone_of_a_study(self):
        self.refuse(NO_DATA, ("study", "--zones", "FR,DEE", "--experiments", "dodge2022"), "DEE", "DE")

    def test_a_zone_without_a_marginal_series(self):
        self.refuse(NO_DATA, ("plan", "--zone", "FR", "--signal", "marginal", *JOB), "FR", "marginal")


class SeriesRows(BadInput):
    def test_duplicate_rows(self):
        self.refuse_series(rows(("2020-01-01T00:00:00Z", 1), ("2020-01-01T01:00:00Z", 2), ("2020-01-01T01:00:00Z", 2)),
                           "s.csv:7", "duplicate", "2020-01-01T01:00:00Z")

    def test_unordered_rows(self):
        self.refuse_series(rows(("2020-01-01T01:00:00Z", 1), ("2020-01-01T00:00:00Z", 2)), "s.csv:6", "order")

    def test_an_irregular_step(self):
        self.refuse_series(rows(("2020-01-01T00:00:00Z", 1), ("2020-01-01T01:00:00Z", 2), ("2020-01-01T03:00:00Z", 3)),
                           "s.csv:7", "irregular step", "2020-01-01T02:00:00Z")

    def test_a_step_of_centuries(self):
        self.refuse_series(rows(("1901-01-01T00:00:00Z", 1), ("2149-01-01T00:00:00Z", 2)), "s.csv:6", "step")

    def test_values_that_are_no_finite_numbers(self):
        for value in ("nan", "NaN", "inf", "-inf", "1e400", "-1e400", "0x10", "1;5", "12 g", "--1"):
            with self.subTest(value):
                self.refuse_series(rows(("2020-01-01T00:00:00Z", 1), ("2020-01-01T01:00:00Z", value)), "s.csv:6",
                                   value, "no finite number")

    def test_a_value_of_400_digits(self):
        self.refuse_series(rows(("2020-01-01T00:00:00Z", 1), ("2020-01-01T01:00:00Z", "1" + "0" * 400)), "s.csv:6",
                           "no finite number")

    def test_two_signals_in_one_file(self):
        self.refuse_series("# signal: average lifecycle\n" + rows(("2020-01-01T00:00:00Z", 1)), "s.csv:3",
                           "marginal direct", "average lifecycle", "contradicts")

    def test_two_zones_in_one_file(self):
        self.refuse_series("# zone: A\n" + rows(("2020-01-01T00:00:00Z", 1)), "s.csv:2", "contradicts")

    def test_a_signal_that_is_none(self):
        self.refuse_series("# signal: green\n" + rows(("2020-01-01T00:00:00Z", 1)), "s.csv:1", "green", "marginal")

    def test_another_header(self):
        self.refuse_series("datetime,value\n2020-01-01T00:00:00Z,1\n", "s.csv:1", "time,g_per_kwh")

    def test_one_row_does_not_tell_the_step(self):
        self.refuse_series(rows(("2020-01-01T00:00:00Z", 1)), "step")


class Files(BadInput):
    words = ("plan", "--series", "s.csv", *JOB)

    def test_an_empty_file(self):
        self.refuse_series("", "empty")

    def test_a_header_without_rows(self):
        self.refuse_series(HEAD, "no rows")

    def test_a_folder(self):
        (self.folder / "s.csv").mkdir()
        self.refuse(BAD_DATA, self.words, "s.csv", "folder")

    def test_a_missing_file(self):
        self.refuse(BAD_DATA, self.words, "s.csv", "No such file")

    def test_broken_gzip(self):
        whole = gzip.compress(rows(("2020-01-01T00:00:00Z", 1), ("2020-01-01T01:00:00Z", 2)).encode(), mtime=0)
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 0xFF
        for data in (whole[: len(whole) // 2], whole[:-3], bytes(flipped), b"\x1f\x8b\x08\x00garbage"):
            self.write("s.csv", data)
            self.refuse(BAD_DATA, self.words, "s.csv", "gzip")

    def quickly(self, result):
        self.assertLess(result.seconds, 10)
        if not program.SANITIZED:
            self.assertLess(result.peak_mb, 300, "MB of memory for a line that is refused")

    def test_a_line_of_two_gigabytes_is_refused_without_reading_it(self):
        for begin, line in ((b"", 1), (HEAD.encode(), 5), (rows(("2020-01-01T00:00:00Z", 1)).encode(), 6)):
            with open(self.folder / "s.csv", "wb") as file:
                file.write(begin)
                file.truncate(2 << 30)  # a hole: takes no room on the disk
            self.quickly(self.refuse(BAD_DATA, self.words, f"s.csv:{line}", "longer than"))

    def test_a_long_line_hidden_in_a_small_gzip_file(self):
        with gzip.open(self.folder / "s.csv", "wb", compresslevel=1) as file:
            for _ in range(512):
                file.write(b"\0" * (1 << 20))
        self.quickly(self.refuse(BAD_DATA, self.words, "s.csv", "longer than"))


class Windows(BadInput):
    def test_a_window_beyond_the_data(self):
        self.refuse(NO_DATA, self.plan(slack="30h"), "2020-01-02T00:00:00Z")
        self.refuse(NO_DATA, self.plan(start="2019-12-31T23:00:00Z"), "2020-01-01T00:00:00Z")
        self.refuse(NO_DATA, self.plan(start="2030-01-01T00:00:00Z"))

    def test_nothing_but_missing_slots(self):
        gaps = self.series("gaps.csv", [None] * 12)
        self.refuse(NO_DATA, ("plan", "--series", gaps, *JOB))

    def test_a_study_without_a_single_start(self):
        self.refuse(NO_DATA, ("study", "--series", self.hours(4), "--experiments", "dodge2022", "--slack", "6h"))

    def test_a_period_without_slots(self):
        self.refuse(NO_DATA, ("study", "--series", self.hours(), "--experiments", "dodge2022", "--from",
                              "2021-01-01T00:00:00Z"), "--from")

    def test_a_deadline_too_early(self):
        self.refuse(INFEASIBLE, self.plan(slack=None, deadline="2020-01-01T01:59:59Z"), "deadline", "2020-01-01T02:00:00Z")

    def test_a_deadline_before_the_start(self):
        self.refuse(INFEASIBLE, self.plan(slack=None, deadline="2019-01-01T00:00:00Z"), "deadline")


class Durations(BadInput):
    def test_negative_and_unitless_durations(self):
        for value in ("-2h", "2", "-PT2H", "2 parsecs", "h", ""):
            with self.subTest(value):
                result = self.ebb(*self.plan(duration=None), f"--duration={value}")
                self.assertEqual((result.code, result.out), (USAGE, ""), result)
                self.assertIn("duration", result.err)

    def test_a_duration_of_zero(self):
        for value in ("0s", "0h", "PT0S"):
            self.refuse(USAGE, self.plan(duration=value), "--duration")

    def test_a_negative_slack(self):
        for value in ("-1h", "-5%", "-PT1H"):
            result = self.ebb(*self.plan(slack=None), f"--slack={value}")
            self.assertEqual((result.code, result.out), (USAGE, ""), result)
            self.assertIn("--slack", result.err)
            self.assertEqual(self.ebb(*self.plan(slack=None), "--slack", value).code, USAGE)

    def test_an_enormous_slack_is_beyond_the_data(self):
        self.refuse(NO_DATA, self.plan(duration="3650d", slack="1000000%"))

    def test_negative_costs(self):
        for option, value in (("pause-time", "-1m"), ("min-run", "-1m"), ("min-pause", "x"), ("pause-power", "-3W"),
                              ("pause-energy", "3"), ("max-pauses", "-1"), ("max-pauses", "1.5"),
                              ("transfer-energy", "1W")):
            with self.subTest(option):
                result = self.ebb(*self.plan(), f"--{option}={value}")
                self.assertEqual((result.code, result.out), (USAGE, ""), result)
                self.assertIn(option, result.err)


class Signals(BadInput):
    def test_zones_of_different_signals_are_not_compared(self):
        a, b = self.hours(), self.series("b.csv", [5] * 24, signal="average lifecycle")
        self.refuse(BAD_DATA, ("plan", "--series", a, "--series", b, *JOB), "signal")

    def test_the_other_book_needs_the_other_signal(self):
        a, b = self.hours(), self.series("b.csv", [5] * 24)
        self.refuse(BAD_DATA, ("plan", "--series", a, "--other-series", b, *JOB), "b.csv", "other signal")


class Options(BadInput):
    def test_bad_values(self):
        for option, value in (("strategy", "sometimes"), ("max-saving-loss", "2"), ("min-saving", "much"),
                              ("signal", "green"), ("step", "45m"), ("color", "red"), ("pue", "0.5"),
                              ("carbon-price", "50"), ("experiment", "bert")):
            with self.subTest(option):
                power = {"power": None, "duration": None} if option == "experiment" else {}
                self.refuse(USAGE, (*self.plan(**power), "--" + option, value), option)

    def test_bad_powers_and_energies(self):
        for value in ("-100W", "100", "1e999W", "100 horses", "x300W"):
            result = self.ebb(*self.plan(power=None), f"--power={value}")
            self.assertEqual((result.code, result.out), (USAGE, ""), result)
            result = self.ebb(*self.plan(power=None), f"--energy={value}")
            self.assertEqual((result.code, result.out), (USAGE, ""), result)

    def test_bad_values_of_a_study(self):
        study = ("study", "--series", self.hours(), "--experiments", "dodge2022")
        for option, value in (("slack", "6"), ("strategies", "best"), ("starts", "often"), ("starts", "0"),
                              ("hour", "24"), ("threads", "0"), ("foresight", "good"), ("from", "2020-01-01")):
            with self.subTest(option):
                self.refuse(USAGE, (*study, "--" + option, value), option)

    def test_unknown_options_and_commands(self):
        self.refuse(USAGE, (*self.plan(), "--slak", "3h"), "--slak")
        self.refuse(USAGE, ("plann",), "plann", "plan")
        self.refuse(USAGE, ("study", "dodge2020"), "dodge2020", "dodge2022")
        self.refuse(USAGE, ("grid", "export"), "grid")

    def test_options_that_exclude_each_other(self):
        self.write("p.csv", "seconds,watts\n3600,100\n")
        self.refuse(USAGE, self.plan(power=None, profile="p.csv"), "--duration", "profile")
        self.refuse(USAGE, self.plan(energy="1kWh"), "--power", "--energy")
        self.refuse(USAGE, self.plan(power=None, duration=None), "--power")
        self.refuse(USAGE, self.plan(deadline="2020-01-01T12:00:00Z"), "--slack", "--deadline")

    def test_missing_options(self):
        self.refuse(USAGE, ("plan", *JOB), "--series", "--zone")
        self.refuse(USAGE, self.plan(duration=None), "--duration")
        self.refuse(USAGE, self.plan(slack=None), "--slack")
        self.refuse(USAGE, ("study", "--series", self.hours()), "--experiments")


class GridImport(BadInput):
    CSV = ("--time-column", "t", "--value-column", "v", "--unit", "g/kWh", "--zone", "X", "--signal", "average lifecycle")

    def refuse_import(self, code, text, *said, name="f.csv", words=()):
        self.write(name, text)
        self.refuse(code, ("grid", "import", name, "--dry-run", *words), *said)

    def test_an_unknown_header_asks_for_all_that_is_missing(self):
        self.refuse_import(BAD_DATA, "when,g\n2020-01-01T00:00Z,1\n", "f.csv", "--time-column", "--value-column", "--unit",
                           "--zone", "--signal")

    def test_times_without_a_zone_ask_for_it_with_the_line(self):
        self.refuse_import(BAD_DATA, "t,v\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n", "f.csv:2", "--time-zone", words=self.CSV)

    def test_daylight_saving(self):
        zone = (*self.CSV, "--time-zone", "Europe/Berlin")
        self.refuse_import(BAD_DATA, "t,v\n2024-03-31 01:00,1\n2024-03-31 02:00,2\n", "f.csv:3", "never was in Europe/Berlin",
                           words=zone)
        self.refuse_import(BAD_DATA, "t,v\n2024-10-27 01:00,1\n2024-10-27 02:00,2\n2024-10-27 03:00,3\n", "f.csv:3",
                           "--repeated-hour", words=zone)

    def test_two_values_of_one_time_name_both_lines(self):
        self.refuse_import(BAD_DATA, "t,v\n2020-01-01T00:00Z,1\n2020-01-01T01:00Z,2\n2020-01-01T01:00Z,3\n", "f.csv:3",
                           "f.csv:4", words=self.CSV)

    def test_hour_numbers_are_no_dates(self):
        self.refuse_import(BAD_DATA, "Hour,California,Texas\n1,266,-758\n", "hour numbers", "negative", "unit")

    def test_an_option_that_contradicts_the_file(self):
        rows = "timestamp,MOER\n2019-02-28 00:00:00+00:00,466\n2019-02-28 00:05:00+00:00,426\n"
        self.refuse_import(BAD_DATA, rows, "--zone")
        self.refuse_import(BAD_DATA, rows, "lb/MWh", "--unit says g/kWh", words=("--zone", "Z", "--unit", "g/kWh"))
        self.refuse_import(BAD_DATA, rows, "--signal says average", words=("--zone", "Z", "--signal", "average"))

    def test_json_that_is_no_intensity(self):
        percentile = {"data": [{"point_time": "2024-06-18T18:40:00+00:00", "value": 96.0}],
                      "meta": {"region": "PSCO", "signal_type": "co2_moer", "units": "percentile"}}
        self.refuse_import(BAD_DATA, json.dumps(percentile), "percentile", name="f.json")
        self.refuse_import(BAD_DATA, "<html>nginx</html>", "HTML", name="f.json")
        self.refuse_import(BAD_DATA, '{"data":', "no JSON", name="f.json")
        self.refuse_import(NO_DATA, '{"data":[]}', "no values", name="f.json")
        self.refuse_import(BAD_DATA, '[{"Location":"x","Time":"2021-01-01T00:00:00Z","Rating":"1"}]', "--signal", name="f.json")

    def test_bad_options(self):
        self.write("f.csv", "t,v\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n")
        for words, said in ((("--format", "excel"), "--format"), (("--unit", "tons/MWh"), "--unit"),
                            (("--signal", "green"), "--signal"), (("--repeated-hour", "third"), "--repeated-hour"),
                            (("--issued", "2020-01-01"), "--issued"),
                            ((*self.CSV, "--time-zone", "Europe/Atlantis"), "--time-zone"),
                            ((*self.CSV, "--time-zone", "UTC", "--dry-run", "--output", "x.csv"), "--dry-run")):
            with self.subTest(words):
                self.refuse(USAGE, ("grid", "import", "f.csv", *words), said)

    def test_files_of_two_formats(self):
        self.write("a.json", '{"data":[]}')
        self.write("b.csv", "time,moer\n2020-01-01 00:00:00+00:00,1\n")
        self.refuse(BAD_DATA, ("grid", "import", "b.csv", "a.json", "--dry-run", "--zone", "Z"), "b.csv is sgip", "a.json is neso")


class OtherFiles(BadInput):
    def test_profiles(self):
        job = ("plan", "--series", self.hours(), "--start", "2020-01-01T00:00:00Z", "--slack", "4h", "--profile", "p.csv")
        for text, *said in (("", "empty"), ("seconds,watts\n", "no rows"), ("watts\n1\n", "p.csv:1", "header"),
                            ("seconds,watts\n60,-1\n", "p.csv:2"), ("seconds,watts\n60,nan\n", "p.csv:2"),
                            ("seconds,watts\n60,1\n60,1\n", "p.csv:3"), ("seconds,watts\n60\n", "p.csv:2"),
                            ("seconds,watts\n0,1\n", "p.csv:2"), ("seconds,watts\n1e400,1\n", "p.csv:2"),
                            ("seconds,a_watts,b_watts\n3600,1e308,1e308\n", "p.csv:2")):
            with self.subTest(text):
                self.write("p.csv", text)
                self.refuse(BAD_DATA, job, "p.csv", *said)

    def test_experiments(self):
        study = ("study", "--series", self.hours(), "--slack", "1h", "--experiments", "e.csv")
        head = "experiment,hours,energy_kwh\n"
        for text, *said in (("", "no experiments"), (head, "no experiments"), ("name,hours\na,1\n", "e.csv:1", "header"),
                            (head + "a,0,1\n", "e.csv:2", "hours"), (head + "a,-1,1\n", "e.csv:2"),
                            (head + "a,1,nan\n", "e.csv:2", "energy"), (head + "a,1,1e306\n", "e.csv:2", "energy"),
                            (head + "a,1,1\na,1,1\n", "e.csv:3", "twice"), (head + "a,1\n", "e.csv:2", "fields"),
                            ("experiment,profile\na,none.csv\n", "e.csv:2", "none.csv")):
            with self.subTest(text):
                self.write("e.csv", text)
                self.refuse(BAD_DATA, study, "e.csv", *said)

    def test_files_to_import(self):
        head = "time,moer\n"
        for text, *said in (("", "empty"), (head, "no rows"), ("when,moer\n", "m.csv:1", "header"),
                            (head + "2020-05-01 00:00:00,0.3\n", "m.csv:2", "no zone"),
                            (head + "2020-05-01 00:00:00+00:00,nan\n", "m.csv:2"),
                            (head + "2020-05-01 00:00:00+00:00,1e306\n", "m.csv:2"),
                            (head + "2020-05-01 00:01:00+00:00,0.3\n", "5-minute"),
                            (head + "2020-05-01 00:00:00+00:00,0.3\n2020-05-01 00:00:00+00:00,0.4\n", "disagree")):
            with self.subTest(text):
                self.write("m.csv", text)
                self.refuse(BAD_DATA, ("grid", "import", "--format", "sgip", "m.csv"), "m.csv", *said)
        self.refuse(USAGE, ("grid", "import", "--format", "xls", "m.csv"), "--format", "sgip")
        self.refuse(BAD_DATA, ("grid", "import", "m.csv"), "m.csv", "--zone")
        self.refuse(USAGE, ("grid", "import", "--format", "sgip"), "files")

    def test_wide_files_to_import(self):
        head = "datetime_utc,FR,DE\n"
        words = ("grid", "import", "--format", "electricity-maps-wide", "w.csv")
        for text, *said in ((head, "no rows"), (head + "2022-01-01 00:00:00+00:00,1\n", "w.csv:2", "fields"),
                            (head + "2022-01-01 00:00:00+00:00,1,inf\n", "w.csv:2", "DE"),
                            (head + "2022-01-01 00:00:00+00:00,1,2\n2022-01-01 02:00:00+00:00,1,2\n", "w.csv:3", "hour"),
                            ("datetime_utc,FR,FR\n2022-01-01 00:00:00+00:00,1,2\n", "w.csv:1", "twice")):
            with self.subTest(text):
                self.write("w.csv", text)
                self.refuse(BAD_DATA, words, "w.csv", *said)
        self.write("w.csv", head + "2022-01-01 00:00:00+00:00,1,2\n2022-01-01 01:00:00+00:00,1,2\n")
        self.refuse(NO_DATA, (*words, "--zone", "FX"), "FX", "FR")
        self.refuse(USAGE, (*words, "--output", "out.csv"), "--output")

    def test_documents_to_report(self):
        for document in ("", "{", "[]", '{"rows":1}', '{"rows":[1]}', '{"rows":[{}]}', '{"rows":[{"experiment":3}]}', "\0"):
            for form in ("markdown", "latex", "csv"):
                with self.subTest(f"{document} {form}"):
                    self.write("d.json", document)
                    self.refuse(BAD_DATA, ("report", "d.json", "--format", form), "d.json")
        for document in ({"rows": []}, {"rows": [], "schema": 3}, {"rows": [], "schema": None}):
            self.write("d.json", json.dumps(document))
            self.refuse(BAD_DATA, ("report", "d.json", "--format", "html"), "document")
        self.refuse(USAGE, ("report", "--format", "pdf"), "--format")

    def test_a_folder_that_cannot_be_written_is_an_outside_failure(self):
        self.write("taken", "")
        words = ("study", "--series", self.hours(), "--experiments", self.write("e.csv", "experiment,hours,energy_kwh\na,1,1\n"),
                 "--slack", "1h", "--report", "taken/report")
        self.refuse(SERVICE, words, "taken/report")
        self.refuse(SERVICE, ("report", "--output", "nowhere/r.md"), "nowhere/r.md")


if __name__ == "__main__":
    program.main()
