"""`ebb run --deadline|--slack` end to end: the real binary, a real terminal, a store of its own."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

EBB = os.environ["EBB"]
SANITIZED = os.environ.get("EBB_SANITIZED", "") != ""  # a forecast then takes ten seconds, not half a one


class RunByPlanTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ebb-plan-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("EBB_", "SLURM_", "CUDA_"))}
        self.environment = dict(kept, XDG_DATA_HOME=str(self.folder), HOME=str(self.folder), EBB_GRID_DATA="/nonexistent")

    def store(self, dirty):
        """A zone TEST whose present hour and the next are dirty (or clean), every day, all others the opposite."""
        now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        hours = {now.hour, (now.hour + 1) % 24}
        begin = now - timedelta(days=40)
        lines = ["# zone: TEST", "# signal: marginal direct", "# source: made up", "time,g_per_kwh"]
        for i in range(41 * 24):
            at = begin + timedelta(hours=i)
            bad = (at.hour in hours) == dirty
            lines.append(f"{at:%Y-%m-%dT%H:%M:%SZ},{(900 if bad else 100) + i % 7}")
        path = self.folder / "TEST.csv"
        path.write_text("\n".join(lines) + "\n")
        subprocess.run([EBB, "grid", "import", str(path)], env=self.environment, check=True, capture_output=True, timeout=60)

    def ebb(self, *words, code=0):
        done = subprocess.run([EBB, *words], capture_output=True, env=self.environment, timeout=120, check=False)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout!r}\n{done.stderr.decode(errors='replace')}")
        return done

    def test_options_that_are_wrong_are_told_before_anything_runs(self):
        self.store(dirty=False)
        ran = self.folder / "ran"
        for code, options in ((2, ["--slack", "1h"]), (2, ["--slack", "x", "--duration", "1s"]), (2, ["--duration", "1s"]),
                              (2, ["--slack", "1h", "--duration", "1s", "--pausable", "x"]), (2, ["--pausable", "freeze"]),
                              (2, ["--slack", "1h", "--duration", "1s", "--checkpoint-signal", "KILL"]),
                              (2, ["--slack", "1h", "--deadline", "2099-01-01T00:00:00Z", "--duration", "1s"]),
                              (6, ["--deadline", "2020-01-01T00:00:00Z", "--duration", "1s"])):
            self.ebb("run", "--zone", "TEST", *options, "--", "touch", str(ran), code=code)
        self.ebb("run", "--slack", "1h", "--duration", "1s", "--", "touch", str(ran), code=2)
        rank = {"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_LOCAL_RANK": "0", "OMPI_COMM_WORLD_LOCAL_SIZE": "2",
                "PMIX_NAMESPACE": "961478657"}
        self.environment.update(rank)
        self.ebb("run", "--zone", "TEST", "--slack", "1h", "--duration", "1s", "--", "touch", str(ran), code=2)
        for name in rank:
            del self.environment[name]
        self.ebb("run", "--zone", "NOWHERE", "--slack", "1h", "--duration", "1s", "--", "touch", str(ran), code=4)
        self.assertFalse(ran.exists())

    def test_where_now_is_best_it_runs_now_and_its_record_has_the_plan(self):
        self.store(dirty=False)
        output = self.folder / "document.json"
        self.ebb("run", "--zone", "TEST", "--slack", "6h", "--duration", "1h", "--power", "100W", "--json", "--output",
                 str(output), "--", "sh", "-c", "exit 3", code=3)
        document = json.loads(output.read_text())
        plan = document["plan"]
        self.assertTrue(plan["kept_deadline"])
        self.assertEqual(plan["duration_from"], "as given")
        self.assertLess(plan["delay_seconds"], 60 if SANITIZED else 5)
        self.assertGreaterEqual(plan["promised"]["at_once_g"], plan["promised"]["planned_g"])
        # The made-up store knows what the grid will do.
        self.assertEqual(plan["realised"]["less_g"], 0)
        self.assertLessEqual(plan["realised"]["best_possible_g"], plan["realised"]["emissions_g"])
        self.assertEqual(len(plan["runs"]), 1)
        self.assertEqual(document["exit_code"], 3)
        # It can be read like any other.
        self.ebb("runs", "show", document["run_id"])
        self.ebb("report", "--verify", str(output))

    def test_its_earlier_runs_say_how_long_it_runs(self):
        self.store(dirty=False)
        command = ["sh", "-c", "sleep 0.3"]
        self.ebb("run", "--quiet", "--", *command)
        self.ebb("run", "--quiet", "--", *command)
        output = self.folder / "document.json"
        self.ebb("run", "--zone", "TEST", "--slack", "50%", "--json", "--output", str(output), "--", *command)
        plan = json.loads(output.read_text())["plan"]
        self.assertIn("2 earlier runs", plan["duration_from"])
        self.assertGreater(plan["duration_seconds"], 0.25)

    def test_waiting_it_says_why_and_a_signal_ends_it_before_its_start(self):
        self.store(dirty=True)
        ran = self.folder / "ran"
        with subprocess.Popen([EBB, "run", "--zone", "TEST", "--slack", "20h", "--duration", "1h", "--", "touch", str(ran)],
                              env=self.environment, stderr=subprocess.PIPE) as process:
            line = process.stderr.readline().decode()
            self.assertIn("waiting until ", line)
            process.send_signal(signal.SIGTERM)
            _, rest = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 143, rest)
        self.assertIn(b"given up before its start", rest)
        self.assertFalse(ran.exists())

    def test_a_deadline_is_kept_however_dirty_it_is(self):
        self.store(dirty=True)
        begin = time.monotonic()
        deadline = datetime.now(timezone.utc) + timedelta(seconds=3)
        output = self.folder / "document.json"
        self.ebb("run", "--zone", "TEST", "--deadline", deadline.isoformat(), "--duration", "1s", "--json", "--output",
                 str(output), "--", "sleep", "0.5")
        if not SANITIZED:
            self.assertTrue(json.loads(output.read_text())["plan"]["kept_deadline"])
            self.assertLess(time.monotonic() - begin, 6)

    def on_terminal(self, *words):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(EBB, [EBB, *words], dict(self.environment, TERM="xterm"))
        return pid, terminal

    def read_until(self, terminal, text, seen=b""):
        end = time.monotonic() + 60
        while text not in seen:
            self.assertLess(time.monotonic(), end, f"{text!r} not in {seen!r}")
            if select.select([terminal], [], [], 1)[0]:
                try:
                    seen += os.read(terminal, 4096)
                except OSError:
                    self.fail(f"{text!r} not in {seen!r}")
        return seen

    def end_of(self, pid, terminal):
        seen = b""
        try:
            while chunk := os.read(terminal, 4096):
                seen += chunk
        except OSError:
            pass
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen

    def test_on_a_terminal_ctrl_c_asks_what_to_do(self):
        self.store(dirty=True)
        options = ["run", "--zone", "TEST", "--slack", "20h", "--duration", "1h", "--"]
        pid, terminal = self.on_terminal(*options, "sh", "-c", "stty -a; echo STARTED; exit 4")
        seen = self.read_until(terminal, b"Ctrl-C asks")
        self.assertRegex(seen.decode(), re.compile(r"waiting  9\d\d g/kWh now  starts in .* UTC"))
        os.write(terminal, b"\x03")
        self.read_until(terminal, b"ive up? ")
        os.write(terminal, b"k")
        self.read_until(terminal, b"Ctrl-C asks", self.read_until(terminal, b"keep to the plan\r\n")[-1:])
        os.write(terminal, b"\x03r")
        # The command finds the terminal as it was.
        modes = self.read_until(terminal, b"STARTED").split()
        self.assertTrue({b"isig", b"icanon", b"echo"} <= set(modes), modes)
        code, rest = self.end_of(pid, terminal)
        self.assertEqual(code, 4)
        self.assertIn(b"by plan", rest)

    def test_on_a_terminal_a_second_ctrl_c_gives_up(self):
        self.store(dirty=True)
        pid, terminal = self.on_terminal("run", "--zone", "TEST", "--slack", "20h", "--duration", "1h", "--", "touch",
                                         str(self.folder / "ran"))
        self.read_until(terminal, b"Ctrl-C asks")
        os.write(terminal, b"\x03\x03")
        code, rest = self.end_of(pid, terminal)
        self.assertEqual(code, 143)
        self.assertIn(b"given up before its start", rest)
        self.assertFalse((self.folder / "ran").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
