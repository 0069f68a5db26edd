"""`ebb grid fetch` against providers on loopback that speak as documented, and then misbehave (docs/providers.md)."""

import gzip
import os
import pty
import re
import select
import shutil
import signal
import ssl
import subprocess
import sys
import time
import unittest
from datetime import datetime, timedelta, timezone

import program

sys.path.insert(0, str(program.SOURCE / "test" / "fakes"))
import grid_server  # noqa: E402
from grid_server import GridServer, value  # noqa: E402

USAGE, BAD_DATA, NO_DATA, SERVICE, INTERRUPTED = 2, 3, 4, 5, 130
LB_PER_MWH = 0.45359237
PROVIDERS = ("watttime", "electricity-maps", "uk", "eia")
WITH_ACCOUNT = ("watttime", "electricity-maps", "eia")
ZONE = {"watttime": "CAISO_NORTH", "electricity-maps": "DE", "uk": "GB", "eia": "CISO"}
STEP = {"watttime": 5, "electricity-maps": 60, "uk": 30, "eia": 60}
# Of the services' paths with values.
VALUES = {"watttime": "/v3/(historical|forecast)", "electricity-maps": "carbon-intensity", "uk": "intensity",
          "eia": "fuel-type-data/data"}
SECRETS = (grid_server.PASSWORD, grid_server.TOKEN, grid_server.KEY, grid_server.KEY.replace("/", "%2F"),
           "-of-somebody", "c29tZWJvZHk6")
FROM, TO = "2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z"


def at(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class ProvidersTest(program.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.server = GridServer().__enter__()
        cls.addClassCleanup(cls.server.__exit__)

    def setUp(self):
        super().setUp()
        self.server.state.reset()
        self.environment = {
            "EBB_WATTTIME_URL": self.server.address("watttime"),
            "EBB_ELECTRICITYMAPS_URL": self.server.address("emaps"),
            "EBB_UK_URL": self.server.address("uk"), "EBB_EIA_URL": self.server.address("eia"),
            "WATTTIME_USER": grid_server.USER, "WATTTIME_PASSWORD": grid_server.PASSWORD,
            "ELECTRICITYMAPS_TOKEN": grid_server.TOKEN, "EIA_API_KEY": grid_server.KEY,
            "EBB_HTTP_BACKOFF_MS": "1", "EBB_HTTP_TIMEOUT_MS": "5000", "HOME": str(self.folder), "XDG_CONFIG_HOME": "",
            "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}

    def again(self):
        """A data folder and a server as new."""
        self.server.state.reset()
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def holds_no_secret(self, *texts):
        for text in texts:
            for secret in SECRETS:
                self.assertNotIn(secret, text)

    def command(self, provider, *more, zone=None, begin=FROM, end=TO):
        words = ["grid", "fetch", "--data-dir", "data", "--provider", provider, "--zone", zone or ZONE[provider]]
        if begin:
            words += ["--from", begin]
        if end:
            words += ["--to", end]
        return words + list(more)

    def fetch(self, provider, *more, env=None, **when):
        result = self.ebb(*self.command(provider, *more, **when), env={**self.environment, **(env or {})})
        self.holds_no_secret(result.out, result.err)
        return result

    def fetched(self, provider, *more, env=None, **when):
        """What a fetch that succeeds says of its one zone."""
        result = self.fetch(provider, "--json", *more, env=env, **when)
        self.assertEqual(result.code, 0, result)
        return result.json()["fetched"][0]

    def refused(self, code, result, *said):
        """Exactly this code, nothing on stdout, one line on stderr beside notes of waiting, that says all of `said`."""
        self.assertEqual(result.code, code, result)
        self.assertEqual(result.out, "", result)
        lines = [line for line in result.err.splitlines() if line.startswith("ebb")]
        self.assertEqual(len(lines), 1, result)
        for text in said:
            self.assertIn(text.lower(), lines[0].lower(), result)
        return lines[0]

    def asked(self, provider):
        return self.server.asked(VALUES[provider])

    def each(self, providers=PROVIDERS):
        for provider in providers:
            self.again()
            yield provider


def expected_mean(provider, begin=FROM, end=TO, leave_out=()):
    values = [value(t) for t in grid_server.steps(at(begin), at(end), STEP[provider]) if t not in leave_out]
    return sum(values) / len(values) * (LB_PER_MWH if provider == "watttime" else 1.0)


class Speaking(ProvidersTest):
    def test_each_provider_is_read_as_it_documents_itself(self):
        for provider in self.each():
            fetched = self.fetched(provider)
            one = fetched["series"][0]
            slots = 2 * 24 * 60 // STEP[provider]
            self.assertEqual((one["slots"], one["missing"], fetched["added"]), (slots, 0, slots))
            self.assertEqual((one["begin"], one["end"], one["zone"]), (FROM, TO, ZONE[provider]))
            self.assertEqual(one["signal"]["kind"], "marginal" if provider == "watttime" else "average")
            if provider != "eia":
                self.assertAlmostEqual(one["mean_g_per_kwh"], expected_mean(provider), places=6)
            else:
                self.assertTrue(100 < one["mean_g_per_kwh"] < 900, one)

    def test_a_long_past_goes_in_pieces_that_the_provider_allows(self):
        begin, end = "2024-01-01T05:00:00Z", "2024-03-05T00:00:00Z"
        pieces = {"watttime": 3, "electricity-maps": 7, "uk": 5, "eia": 5}
        for provider in self.each():
            fetched = self.fetched(provider, begin=begin, end=end)
            one = fetched["series"][0]
            self.assertEqual(one["slots"], (at(end) - at(begin)) // timedelta(minutes=STEP[provider]))
            self.assertEqual((one["missing"], fetched["duplicates"]), (0, 0))
            self.assertEqual(fetched["answers"], pieces[provider])
            self.assertEqual(len(self.asked(provider)), pieces[provider])

    def test_pages_of_eia_make_the_same_series_as_one_page(self):
        whole = self.fetched("eia")["series"][0]
        self.again()
        self.server.state.page_rows = 37
        pages = self.fetched("eia")["series"][0]
        self.assertEqual(pages, whole)
        self.assertEqual(len(self.asked("eia")), 7)  # 240 rows

    def test_both_signals_and_scopes_are_asked_for_by_name(self):
        self.assertEqual(self.fetched("watttime", "--signal", "average")["series"][0]["step_seconds"], 3600)
        self.assertEqual(self.asked("watttime")[0]["query"]["signal_type"], ["co2_aoer"])
        direct = self.fetched("electricity-maps", "--signal", "average direct")["series"][0]
        self.assertEqual(direct["signal"], {"kind": "average", "scope": "direct"})
        self.refused(USAGE, self.fetch("uk", "--signal", "marginal"), "--signal", "average direct")

    def test_forecasts_are_kept_as_issued(self):
        for provider, points in (("watttime", 864), ("electricity-maps", 73), ("uk", 96)):
            self.again()
            horizon = "48h" if provider == "uk" else "72h"
            forecast = self.fetched(provider, "--forecast", horizon, begin=None, end=None)["forecasts"][0]
            self.assertIn(forecast["slots"], (points, points + 1), forecast)
            self.assertEqual(forecast["missing"], 0)
        self.refused(USAGE, self.fetch("eia", "--forecast", "24h", begin=None, end=None), "no forecasts")
        self.refused(USAGE, self.fetch("uk", "--forecast", "72h", begin=None, end=None), "up to 2d")

    def test_the_newest_value_is_shown_and_kept(self):
        for provider in self.each():
            fetched = self.fetched(provider, "--latest", begin=None, end=None)
            self.assertGreater(fetched["newest"]["g_per_kwh"], 0)
            self.assertLess(datetime.now(timezone.utc) - at(fetched["newest"]["end"]), timedelta(hours=3))
            self.assertGreaterEqual(fetched["series"][0]["slots"], 1)

    def test_zones_are_listed(self):
        for provider in self.each():
            result = self.ebb("grid", "fetch", "--provider", provider, "--list-zones", "--data-dir", "data",
                              env=self.environment)
            self.assertEqual(result.code, 0, result)
            self.assertIn(ZONE[provider], result.out)
            self.holds_no_secret(result.out, result.err)

    def test_a_region_of_great_britain_is_the_models_value(self):
        one = self.fetched("uk", zone="GB-11")
        self.assertEqual(one["series"][0]["data_quality"]["modelled"], 1.0)
        self.assertIn("model's", " ".join(one["warnings"]))

    def test_no_more_than_ten_requests_a_second(self):
        self.fetched("electricity-maps", begin="2023-01-01T00:00:00Z", end="2023-08-01T00:00:00Z")
        times = [one["at"] for one in self.asked("electricity-maps")]
        self.assertEqual(len(times), 22)
        self.assertGreater(times[-1] - times[0], 2.0)
        self.assertEqual(self.server.state.refused_as_too_fast, 0)

    def test_every_request_says_who_asks(self):
        self.fetched("uk")
        self.assertRegex(self.asked("uk")[0]["headers"]["User-Agent"], r"^ebb/\d")


class Keeping(ProvidersTest):
    def test_what_was_fetched_needs_no_network_again(self):
        for provider in self.each():
            self.fetched(provider)
            requests = len(self.server.state.requests)
            result = self.fetch(provider)
            self.assertEqual(result.code, 0, result)
            self.assertIn("nothing had to be asked for", result.out)
            self.assertEqual(len(self.server.state.requests), requests)

    def test_without_a_network_there_is_one_clear_line(self):
        dead = {"EBB_WATTTIME_URL": "http://127.0.0.1:1", "EBB_ELECTRICITYMAPS_URL": "http://127.0.0.1:1",
                "EBB_UK_URL": "http://127.0.0.1:1", "EBB_EIA_URL": "http://127.0.0.1:1"}
        for provider in self.each():
            result = self.fetch(provider, env=dead)
            line = self.refused(SERVICE, result, "cannot be reached", "run the same command again")
            self.assertNotIn("?", line)

    def test_without_libcurl_the_package_is_named(self):
        result = self.fetch("uk", env={"EBB_CURL_LIBRARY": "/nowhere/libcurl.so.4"})
        self.refused(SERVICE, result, "apt-get install libcurl4")

    def start(self, provider, **when):
        return subprocess.Popen([program.EBB, *self.command(provider, **when)], cwd=self.folder,
                                env={**os.environ, **self.environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True)

    def wait_until(self, condition):
        until = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), until, "it did not come so far")
            time.sleep(0.01)

    def stop_after_two_pieces(self, how):
        """A fetch of 7 pieces whose third hangs, ended then."""
        when = {"begin": "2024-01-01T00:00:00Z", "end": "2024-03-11T00:00:00Z"}
        self.server.misbehave("slow", path=VALUES["electricity-maps"], after=2, seconds=20)
        child = self.start("electricity-maps", **when)
        self.wait_until(lambda: len(self.asked("electricity-maps")) == 3)
        child.send_signal(how)
        out, err = child.communicate(timeout=20)
        self.holds_no_secret(out, err)
        self.server.state.closing.set()
        self.server.state.closing.clear()
        self.server.state.reset()
        fetched = self.fetched("electricity-maps", **when)
        self.assertEqual(len(self.asked("electricity-maps")), 5, "two pieces were kept")
        self.assertEqual(self.asked("electricity-maps")[0]["query"]["start"], ["2024-01-21T00:00:00Z"])
        self.assertEqual((fetched["series"][0]["slots"], fetched["series"][0]["missing"]), (70 * 24, 0))
        return child.returncode, err

    def test_a_killed_fetch_goes_on_where_it_stopped(self):
        self.assertEqual(self.stop_after_two_pieces(signal.SIGKILL)[0], -signal.SIGKILL)

    def test_ctrl_c_keeps_what_came_and_says_so(self):
        code, err = self.stop_after_two_pieces(signal.SIGINT)
        self.assertEqual(code, INTERRUPTED)
        self.assertIn("the same command goes on from there", err)

    def test_a_fetch_that_failed_goes_on_where_it_stopped(self):
        when = {"begin": "2024-01-01T00:00:00Z", "end": "2024-02-12T00:00:00Z"}
        for provider in self.each():
            self.server.misbehave("status", path=VALUES[provider], after=1, status=500)
            line = self.refused(SERVICE, self.fetch(provider, **when))
            self.assertRegex(line, r"1 of \d pieces are kept")
            self.server.state.reset()
            fetched = self.fetched(provider, **when)
            self.assertGreater(fetched["already_fetched_seconds"], 9 * 86400)
            self.assertEqual(fetched["series"][0]["missing"], 0)

    def test_only_the_last_seven_days_are_asked_for_again(self):
        now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        when = {"begin": text_of(now - timedelta(days=9)), "end": text_of(now - timedelta(hours=2))}
        self.fetched("electricity-maps", **when)
        self.server.state.requests.clear()
        again = self.fetched("electricity-maps", **when)
        self.assertEqual((again["added"], again["revised"]), (0, 0))
        begin = at(self.asked("electricity-maps")[0]["query"]["start"][0])
        self.assertAlmostEqual((now - begin) / timedelta(days=1), 7, delta=0.1)

    def test_revised_points_are_counted_and_said(self):
        now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        when = {"begin": text_of(now - timedelta(days=2)), "end": text_of(now - timedelta(days=1))}
        for provider in self.each():
            before = self.fetched(provider, **when)["series"][0]
            self.server.state.scale = 1.5
            result = self.fetch(provider, **when)
            self.assertEqual(result.code, 0, result)
            found = re.search(r"(\d+) points? revised", result.out)
            self.assertTrue(found, result)
            self.assertGreater(int(found[1]), before["slots"] // 2)
            self.assertLessEqual(int(found[1]), before["slots"])

    def test_the_bar_is_drawn_on_a_terminal_only(self):
        when = {"begin": "2024-01-01T00:00:00Z", "end": "2024-02-10T00:00:00Z"}
        plain = self.fetch("electricity-maps", **when)
        self.assertNotIn("\r", plain.err)
        self.again()
        parent, terminal = pty.openpty()
        child = subprocess.Popen([program.EBB, *self.command("electricity-maps", **when)], cwd=self.folder,
                                 env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=terminal)
        os.close(terminal)
        drawn = b""
        while select.select([parent], [], [], 20)[0]:
            try:
                drawn += os.read(parent, 65536)
            except OSError:  # the terminal is gone with its last user
                break
        self.assertEqual(child.wait(20), 0)
        child.stdout.close()
        os.close(parent)
        self.assertIn(b"1/4", drawn)
        self.assertIn(b"4/4, to 2024-02-10T00:00Z", drawn)


class Faults(ProvidersTest):
    """The fault table of docs/providers.md: every fault, on every provider that it makes sense for."""

    def passes(self, kind, **more):
        """Two answers go wrong, the third is fine."""
        for provider in self.each():
            self.server.misbehave(kind, path=VALUES[provider], times=2, **more)
            fetched = self.fetched(provider, env={"EBB_HTTP_TIMEOUT_MS": "1000"} if kind == "slow" else None)
            self.assertEqual(fetched["series"][0]["missing"], 0)
            self.assertEqual(len(self.asked(provider)), 3)

    def gives_up(self, code, *said, kind="status", attempts=1, providers=PROVIDERS, env=None, **more):
        for provider in self.each(providers):
            self.server.misbehave(kind, path=VALUES[provider], **more)
            self.refused(code, self.fetch(provider, env=env), *said)
            self.assertEqual(len(self.asked(provider)), attempts)

    def test_a_slow_answer_is_given_up_and_asked_for_again(self):
        self.passes("slow", seconds=4)

    def test_answers_that_stay_slow_end_the_fetch(self):
        self.gives_up(SERVICE, "did not answer within 0.4 s", "after 5 attempts", kind="slow", attempts=5, seconds=4,
                      env={"EBB_HTTP_TIMEOUT_MS": "400"})

    def test_a_cut_answer_is_asked_for_again(self):
        self.passes("cut")

    def test_a_refused_connection_is_asked_for_again(self):
        self.passes("refuse")

    def test_answers_that_stay_cut_end_the_fetch_and_nothing_is_kept(self):
        self.gives_up(SERVICE, "broke off", kind="cut", attempts=5)
        for provider in self.each():
            self.server.misbehave("cut", path=VALUES[provider])
            self.fetch(provider)
            self.server.state.reset()
            self.assertEqual(self.fetched(provider)["already_fetched_seconds"], 0)

    def test_html_in_place_of_data_is_named_and_not_read(self):
        self.gives_up(SERVICE, "an HTML page where data should be", kind="html")

    def test_html_with_the_type_of_json_is_known_by_its_first_character(self):
        self.gives_up(SERVICE, "an HTML page", kind="body", body=grid_server.HTML, content_type="application/json")

    def test_a_401_names_the_credentials(self):
        names = {"electricity-maps": "ELECTRICITYMAPS_TOKEN", "eia": "EIA_API_KEY", "watttime": "account"}
        for provider in self.each(WITH_ACCOUNT):
            self.server.misbehave("status", path=VALUES[provider], status=401, body={"message": "Unauthorized"})
            self.refused(SERVICE, self.fetch(provider), "401", "Unauthorized", names[provider])

    def test_wrong_credentials_name_the_variables(self):
        for provider, variable in (("watttime", "WATTTIME_PASSWORD"), ("electricity-maps", "ELECTRICITYMAPS_TOKEN"),
                                   ("eia", "EIA_API_KEY")):
            result = self.fetch(provider, env={variable: "not the right one"})
            self.refused(SERVICE, result, variable)
            self.assertNotIn("not the right one", result.err)

    def test_an_expired_token_is_renewed_without_a_word(self):
        self.server.state.token_uses = 1
        fetched = self.fetched("watttime", begin="2024-01-01T00:00:00Z", end="2024-03-25T00:00:00Z")
        self.assertEqual(fetched["series"][0]["missing"], 0)
        self.assertEqual(len(self.server.asked("/login")), 3)

    def test_a_403_of_watttime_is_met_with_one_new_login(self):
        self.server.misbehave("html", path=VALUES["watttime"], times=1, status=403)
        self.assertEqual(self.fetched("watttime")["series"][0]["missing"], 0)
        self.assertEqual(len(self.server.asked("/login")), 2)

    def test_a_403_that_stays_is_given_up_with_what_the_provider_said(self):
        for provider in self.each():
            self.server.misbehave("status", path=VALUES[provider], status=403,
                                  body={"error": "Invalid scope", "message": "You do not have sufficient access"})
            self.refused(SERVICE, self.fetch(provider), "403", "You do not have sufficient access")
            self.assertEqual(len(self.asked(provider)), 2 if provider == "watttime" else 1)
        self.assertEqual(len(self.server.asked("/login")), 0)

    def test_a_403_page_in_html_is_never_read(self):
        others = ("electricity-maps", "uk", "eia")
        self.gives_up(SERVICE, "403", "an HTML page", kind="html", status=403, providers=others)

    def test_a_429_is_met_with_the_wait_that_it_asks_for(self):
        for provider in self.each():
            self.server.misbehave("status", path=VALUES[provider], times=1, status=429, headers=(("Retry-After", "1"),))
            self.fetched(provider)
            times = [one["at"] for one in self.asked(provider)]
            self.assertEqual(len(times), 2)
            self.assertGreaterEqual(times[1] - times[0], 0.99)

    def test_a_429_with_a_date_is_understood(self):
        moment = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(seconds=3)
        date = moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
        self.server.misbehave("status", path=VALUES["uk"], times=1, status=429, headers=(("Retry-After", date),))
        self.fetched("uk")
        first, second = self.asked("uk")
        self.assertLess(first["wall"], moment)
        self.assertGreaterEqual(second["wall"], moment)

    def test_a_429_without_a_word_is_backed_off_from(self):
        self.passes("status", status=429)

    def test_a_429_that_asks_for_an_hour_is_left_to_the_user(self):
        self.gives_up(SERVICE, "429", "3600", status=429, headers=(("Retry-After", "3600"),))

    def test_a_500_is_asked_for_again(self):
        for status in (500, 502, 503, 504):
            self.passes("status", status=status)

    def test_a_500_that_stays_ends_the_fetch(self):
        self.gives_up(SERVICE, "500", "after 5 attempts", "run the same command again", status=500, attempts=5)

    def test_an_empty_object_is_no_data_where_that_is_documented_and_malformed_elsewhere(self):
        self.gives_up(BAD_DATA, "nothing of it is kept", kind="body", body="{}", providers=WITH_ACCOUNT)
        self.again()
        self.gives_up(NO_DATA, "no values", "--list-zones", kind="body", body="{}", providers=("uk",))

    def test_an_empty_body_and_one_that_is_no_json_are_malformed(self):
        for body in ("", "null", "[]", "7", '{"data":', "\x00\x01", '"text"', '{"data":[{}],"meta":{}}'):
            for provider in self.each():
                self.server.misbehave("body", path=VALUES[provider], body=body)
                result = self.fetch(provider)
                self.assertIn(result.code, (BAD_DATA, NO_DATA, SERVICE), (body, str(result)))
                self.assertNotIn("Traceback", result.err)
                self.server.state.reset()
                self.assertEqual(self.fetched(provider)["already_fetched_seconds"], 0)

    def test_a_null_is_missing_and_never_zero(self):
        hole = at(FROM) + timedelta(hours=7)

        def with_nulls(body):
            for item in body.get("data", []) if "data" in body else body["response"]["data"]:
                when = item.get("point_time") or item.get("datetime") or item.get("from")
                if when and at(when) == hole:
                    if "intensity" in item:
                        item["intensity"]["actual"] = None
                    else:
                        item["value" if "value" in item else "carbonIntensity"] = None
                if item.get("period") == (hole + timedelta(hours=1)).strftime("%Y-%m-%dT%H"):
                    item["value"] = None
            return body

        for provider in self.each():
            self.server.misbehave("change", path=VALUES[provider], change=with_nulls)
            fetched = self.fetched(provider)
            one = fetched["series"][0]
            self.assertEqual((one["missing"], fetched["missing"]), (1, 1))
            if provider != "eia":
                self.assertAlmostEqual(one["mean_g_per_kwh"], expected_mean(provider, leave_out=(hole,)), places=6)

    def test_an_unknown_unit_is_refused(self):
        def watttime(body):
            body["meta"]["units"] = "furlongs"
            return body

        def eia(body):
            body["response"]["data"][5]["value-units"] = "gigawatthours"
            return body

        for provider, change in (("watttime", watttime), ("eia", eia)):
            self.server.misbehave("change", path=VALUES[provider], change=change)
            self.refused(BAD_DATA, self.fetch(provider), "unit" if provider == "eia" else "furlongs")

    def test_the_unit_is_taken_from_the_answer(self):
        def in_kilograms(body):
            body["meta"]["units"] = "kg_co2_per_mwh"
            return body

        self.server.misbehave("change", path=VALUES["watttime"], change=in_kilograms)
        self.assertAlmostEqual(self.fetched("watttime")["series"][0]["mean_g_per_kwh"],
                               expected_mean("watttime") / LB_PER_MWH, places=6)

    def test_a_percentile_is_no_intensity(self):
        def percentile(body):
            body["meta"]["units"] = "percentile"
            return body

        self.server.misbehave("change", path=VALUES["watttime"], change=percentile)
        self.refused(BAD_DATA, self.fetch("watttime"), "percentile")

    def test_an_unknown_zone_is_no_data_with_the_way_to_the_list(self):
        for provider in self.each():
            self.refused(NO_DATA, self.fetch(provider, zone="XX-NOWHERE"), "XX-NOWHERE", "--list-zones")

    def test_an_answer_about_another_zone_is_refused(self):
        def elsewhere(body):
            text = grid_server.json.dumps(body)
            for zone, other in (("CAISO_NORTH", "PJM_DC"), ('"DE"', '"FR"'), ("CISO", "ERCO")):
                text = text.replace(zone, other)
            return grid_server.json.loads(text)

        for provider in self.each(WITH_ACCOUNT):
            self.server.misbehave("change", path=VALUES[provider], change=elsewhere)
            self.refused(BAD_DATA, self.fetch(provider), ZONE[provider], "nothing of it is kept")

    def test_another_signal_than_was_asked_for_is_refused(self):
        def average(body):
            body["meta"]["signal_type"] = "co2_aoer"
            return body

        def direct(body):
            for item in body["data"]:
                item["emissionFactorType"] = "direct"
            return body

        for provider, change in (("watttime", average), ("electricity-maps", direct)):
            self.server.misbehave("change", path=VALUES[provider], change=change)
            result = self.fetch(provider)
            self.assertIn(result.code, (BAD_DATA, NO_DATA), result)
            self.assertEqual(result.out, "")

    def twice(self, change):
        def doubled(body):
            rows = body["response"]["data"] if "response" in body else body["data"]
            again = grid_server.json.loads(grid_server.json.dumps(rows[10]))
            change(again)
            rows.insert(11, again)
            if "response" in body:
                body["response"]["total"] = str(len(rows))
            return body

        return doubled

    def test_a_point_that_comes_twice_with_one_value_is_counted_once(self):
        for provider in self.each():
            self.server.misbehave("change", path=VALUES[provider], change=self.twice(lambda item: None))
            fetched = self.fetched(provider)
            self.assertEqual(fetched["duplicates"], 1)
            one = fetched["series"][0]
            self.assertEqual((one["slots"], one["missing"]), (2 * 24 * 60 // STEP[provider], 0))

    def test_a_point_that_comes_twice_with_two_values_is_refused(self):
        def other(item):
            if "intensity" in item:
                item["intensity"]["actual"] += 1
            elif "carbonIntensity" in item:
                item["carbonIntensity"] += 1
            else:
                item["value"] = float(item["value"]) + 1

        for provider in self.each():
            self.server.misbehave("change", path=VALUES[provider], change=self.twice(other))
            self.refused(BAD_DATA, self.fetch(provider), "two values", "nothing of it is kept")

    def test_an_answer_without_end_is_not_read(self):
        for kind in ("application/json", "text/plain"):  # a few kilobytes that unpack to as much, and 65 MiB
            for provider in self.each():
                self.server.misbehave("status", path=VALUES[provider], status=200, body=b" " * (65 << 20),
                                      content_type=kind)
                result = self.fetch(provider, env={"EBB_HTTP_TIMEOUT_MS": "30000"})
                self.refused(SERVICE, result, "more than 64 MiB")
                self.assertLess(result.peak_mb, 400 if program.SANITIZED else 200)

    def test_a_login_without_a_token_is_malformed(self):
        for body in ("{}", '{"token":null}', '{"token":"a\\r\\nEvil: 1"}', "[]"):
            self.again()
            self.server.misbehave("body", path="/login", body=body)
            self.refused(BAD_DATA, self.fetch("watttime"), "without a token")

    def test_an_empty_page_of_eia_in_the_middle_is_malformed(self):
        def ends_early(body):
            body["response"]["data"] = []
            return body

        self.server.state.page_rows = 100
        self.server.misbehave("change", path=VALUES["eia"], after=1, change=ends_early)
        self.refused(BAD_DATA, self.fetch("eia"), "240 rows", "gives 100")


class Secrets(ProvidersTest):
    """fetch() looks for every secret in every output of every test; here the cases that tempt."""

    def test_a_provider_that_repeats_all_it_was_sent_gives_no_secret_away(self):
        for status in (400, 401, 403, 404, 500):
            for provider in self.each():
                self.server.misbehave("echo", path=VALUES[provider], status=status)
                self.assertIn(self.fetch(provider).code, (NO_DATA, SERVICE))

    def test_secrets_do_not_follow_a_redirect_to_another_host(self):
        with GridServer() as other:
            for provider in self.each(WITH_ACCOUNT):
                self.server.misbehave("redirect", path=VALUES[provider], to=other.address("uk") + "/intensity")
                self.refused(SERVICE, self.fetch(provider), "redirects to")
            self.assertEqual(other.state.requests, [])

    def test_secrets_are_not_sent_unencrypted_to_another_machine(self):
        for provider, variable in (("watttime", "EBB_WATTTIME_URL"), ("electricity-maps", "EBB_ELECTRICITYMAPS_URL"),
                                   ("eia", "EBB_EIA_URL")):
            result = self.fetch(provider, env={variable: "http://example.invalid"})
            self.refused(SERVICE, result, "unencrypted", "https")

    def test_a_password_in_an_address_is_refused(self):
        result = self.fetch("uk", env={"EBB_UK_URL": "http://me:topsecret@127.0.0.1/"})
        self.refused(USAGE, result, "EBB_UK_URL", "password")
        self.assertNotIn("topsecret", result.err)

    def test_missing_credentials_are_named_with_the_place_for_them(self):
        for provider, variable in (("watttime", "WATTTIME_USER"), ("electricity-maps", "ELECTRICITYMAPS_TOKEN"),
                                   ("eia", "EIA_API_KEY")):
            self.refused(USAGE, self.fetch(provider, env={variable: ""}), variable, "credentials.toml", "0600")
        self.assertEqual(self.server.state.requests, [])

    def test_a_credentials_file_serves_and_one_that_others_can_read_is_refused(self):
        for folder in (self.folder / "data", self.folder / ".config" / "ebb"):
            folder.mkdir(parents=True)
            path = folder / "credentials.toml"
            path.write_text(f'# accounts\nELECTRICITYMAPS_TOKEN = "{grid_server.TOKEN}"\n')
            path.chmod(0o600)
            self.fetched("electricity-maps", "--refresh", env={"ELECTRICITYMAPS_TOKEN": ""})
            path.chmod(0o644)
            self.refused(USAGE, self.fetch("electricity-maps", env={"ELECTRICITYMAPS_TOKEN": ""}), "chmod 600")
            path.unlink()

    def test_a_certificate_that_nobody_vouches_for_is_not_trusted(self):
        if not shutil.which("openssl"):
            self.skipTest("openssl is not here to make a certificate")
        words = ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem -subj /CN=127.0.0.1 "
                 "-addext subjectAltName=IP:127.0.0.1")
        made = subprocess.run(words.split(), cwd=self.folder, capture_output=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        with GridServer(tls) as server:
            address = {"EBB_UK_URL": server.address("uk")}
            self.refused(SERVICE, self.fetch("uk", env=address), "not to be trusted")
            self.assertEqual(server.state.requests, [])
            trusted = {**address, "SSL_CERT_FILE": str(self.folder / "cert.pem")}
            self.assertEqual(self.fetched("uk", env=trusted)["series"][0]["missing"], 0)

    def test_the_doctor_looks_at_credentials_and_asks_nobody(self):
        found = {one["name"]: one for one in self.good("doctor", "--json", "--data-dir", "data", env=self.environment)
                 .json()["findings"] if one["part"] == "provider"}
        self.assertEqual(sorted(found), sorted(PROVIDERS))
        self.assertTrue(all(one["works"] for one in found.values()), found)
        self.assertEqual(self.server.state.requests, [])
        without = self.good("doctor", "--data-dir", "data", env={**self.environment, "EIA_API_KEY": ""})
        self.assertIn("EIA needs EIA_API_KEY", without.out)
        self.holds_no_secret(without.out)

    def test_the_doctor_asks_where_it_is_told_to(self):
        self.server.misbehave("status", path="respondent", status=403, body={"error": "told to fail"})
        result = self.good("doctor", "--network", "--json", "--data-dir", "data", env=self.environment)
        found = {one["name"]: one for one in result.json()["findings"] if one["part"] == "provider"}
        self.assertEqual([name for name, one in sorted(found.items()) if one["works"]],
                         ["electricity-maps", "uk", "watttime"])
        self.holds_no_secret(result.out)


class PlainAddresses(ProvidersTest):
    CSV = "# zone: HERE\n# signal: average lifecycle\n# source: a friend\ntime,g_per_kwh\n" + "".join(
        f"2024-01-01T{hour:02}:00:00Z,{'' if hour == 5 else 100 + hour}\n" for hour in range(24))

    def url(self, path, *more, env=None):
        return self.ebb("grid", "fetch", "--data-dir", "data", "--url", self.server.address("files") + path, *more,
                        env={**self.environment, **(env or {})})

    def test_a_file_goes_into_the_store(self):
        self.server.state.files["/here.csv"] = self.CSV
        fetched = self.good(*self.url_words("/here.csv", "--json"), env=self.environment).json()["fetched"][0]
        one = fetched["series"][0]
        self.assertEqual((one["zone"], one["slots"], one["missing"], one["source"]), ("HERE", 24, 1, "a friend"))

    def url_words(self, path, *more):
        return ("grid", "fetch", "--data-dir", "data", "--url", self.server.address("files") + path, *more)

    def test_a_compressed_file_is_unpacked(self):
        self.server.state.files["/here.csv.gz"] = gzip.compress(self.CSV.encode())
        self.assertEqual(self.url("/here.csv.gz").code, 0)
        self.server.state.files["/cut.csv.gz"] = gzip.compress(self.CSV.encode())[:-20]
        self.refused(BAD_DATA, self.url("/cut.csv.gz"), "gzip")

    def test_a_body_of_a_provider_is_read_from_a_file_too(self):
        self.server.state.files["/uk.json"] = (
            '{"data":[{"from":"2024-01-01T00:00Z","to":"2024-01-01T00:30Z","intensity":'
            '{"forecast":266,"actual":263,"index":"moderate"}}]}')
        result = self.url("/uk.json", "--json")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.json()["fetched"][0]["series"][0]["mean_g_per_kwh"], 263)

    def test_a_redirect_is_followed(self):
        self.server.state.files["/here.csv"] = self.CSV
        self.server.misbehave("redirect", path="/old.csv", to=self.server.address("files") + "/here.csv")
        self.assertEqual(self.url("/old.csv").code, 0)

    def test_what_is_not_there_or_no_data_is_said_in_a_line(self):
        self.server.state.files["/page.csv"] = grid_server.HTML
        self.server.state.files["/text.csv"] = "hello\n"
        self.refused(SERVICE, self.url("/nothing.csv"), "404", "check the address")
        self.refused(SERVICE, self.url("/page.csv"), "an HTML page")
        self.refused(BAD_DATA, self.url("/text.csv"), "text.csv")
        ftp = self.ebb("grid", "fetch", "--url", "ftp://x/y", "--data-dir", "data", env=self.environment)
        self.refused(USAGE, ftp, "--url")

    def test_a_cut_file_is_asked_for_again(self):
        self.server.state.files["/here.csv"] = self.CSV
        self.server.misbehave("cut", path="/here.csv", times=2)
        self.assertEqual(self.url("/here.csv").code, 0)
        self.assertEqual(len(self.server.asked("/here.csv")), 3)

    def test_a_secret_in_the_query_is_not_repeated(self):
        result = self.url("/x.csv?token=topsecret")
        self.assertEqual(result.code, SERVICE)
        self.assertNotIn("topsecret", result.err + result.out)


class Words(ProvidersTest):
    def test_wrong_options_are_usage_errors(self):
        ok = ("--provider", "uk", "--zone", "GB", "--data-dir", "data")
        for words, said in (((), "--provider"), (("--provider", "uk", "--url", "http://x/"), "--provider"),
                            (("--provider", "wattime", "--zone", "X", "--latest"), "did you mean watttime"),
                            ((*ok,), "--from"), ((*ok, "--from", "2024-01-01"), "--from"),
                            ((*ok, "--to", TO), "--from"), ((*ok, "--from", TO, "--to", FROM), "before"),
                            ((*ok, "--forecast", "x"), "--forecast"),
                            ((*ok, "--latest", "--signal", "blue"), "--signal"),
                            (("--provider", "uk", "--latest"), "--zone"),
                            ((*ok, "--latest", "--unit", "lb/MWh"), "--unit"),
                            (("--url", "http://127.0.0.1:1/x", "--latest"), "--latest")):
            self.refused(USAGE, self.ebb("grid", "fetch", *words, env=self.environment), said)
        self.refused(NO_DATA, self.fetch("uk", begin="2100-01-01T00:00:00Z", end="2100-01-02T00:00:00Z"), "future")
        self.assertEqual(self.server.state.requests, [])


class FaultTable(unittest.TestCase):
    def test_every_test_that_the_fault_table_names_exists(self):
        text = (program.SOURCE / "docs" / "providers.md").read_text()
        table = re.search(r"## What goes wrong.*?(?=\n## |\Z)", text, re.S)[0]
        rows = [row for row in table.splitlines() if re.match(r"\| (?!fault |---)", row)]
        known = {f"{kind.__name__}.{name}" for kind in (Speaking, Keeping, Faults, Secrets, PlainAddresses, Words)
                 for name in dir(kind) if name.startswith("test_")}
        for path in (program.SOURCE / "src").glob("*/*_test.cc"):
            known |= {f"{a}.{b}" for a, b in re.findall(r"TEST(?:_F)?\((\w+),\s*(\w+)\)", path.read_text())}
        self.assertGreater(len(rows), 20)
        for row in rows:
            names = re.findall(r"`(\w+\.\w+)`", row.split("|")[-2])
            self.assertTrue(names, row)
            for name in names:
                self.assertIn(name, known, row)

    def test_every_fault_that_is_tested_stands_in_the_table(self):
        text = (program.SOURCE / "docs" / "providers.md").read_text()
        for name in dir(Faults):
            if name.startswith("test_"):
                self.assertIn(f"`Faults.{name}`", text)


if __name__ == "__main__":
    program.main()
