"""`ebb run` end to end: the real binary, real processes, real cgroups, the traps of measuring by name."""

import json
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

EBB = os.environ["EBB"]
BUILD = Path(EBB).parent
FAKE_NVML = BUILD / "test/fakes/nvml/today/libnvidia-ml.so.1"
SANITIZED = bool(os.environ.get("EBB_SANITIZED"))
WORKER = "import time,sys\nend=time.process_time()+float(sys.argv[1])\nwhile time.process_time()<end: pass"


class RunTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ebb-run-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("EBB_", "SLURM_", "CUDA_"))}
        self.environment = dict(kept, XDG_DATA_HOME=str(self.folder), HOME=str(self.folder))

    def runtime(self):
        folder = self.folder / "runtime"
        folder.mkdir(mode=0o700)
        return str(folder)

    def ebb(self, *words, code=0, stdin=None, **extra):
        done = subprocess.run([EBB, *words], capture_output=True, env=dict(self.environment, **extra), timeout=120,
                              input=stdin, check=False)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout!r}\n{done.stderr.decode(errors='replace')}")
        return done

    def run_json(self, options, command, code=0, **extra):
        output = self.folder / "document.json"
        self.ebb("run", "--json", "--output", str(output), *options, "--", *command, code=code, **extra)
        return json.loads(output.read_text())

    def component(self, document, kind):
        return [one for one in document["components"] if one["kind"] == kind]

    def assert_conserved(self, document):
        total = document["conservation"]
        parts = total["job_kwh"] + total["job_idle_kwh"] + total["idle_kwh"] + total["others_kwh"]
        self.assertLessEqual(abs(parts - total["measured_kwh"]), 0.01 * total["measured_kwh"] + 1e-15)

    # --- trap 10 ---
    def test_exit_code_signals_stdin_and_stdout_pass_through(self):
        payload = bytes(range(256)) * 4096
        done = self.ebb("run", "--quiet", "--", "cat", stdin=payload)
        self.assertEqual(done.stdout, payload)
        self.ebb("run", "--", "sh", "-c", "exit 42", code=42)
        self.ebb("run", "--", "sh", "-c", "kill -9 $$", code=137)
        self.ebb("run", "--", "sh", "-c", "kill -TERM $$", code=143)
        self.ebb("run", "--", str(self.folder / "no-such-program"), code=127)
        (self.folder / "plain").write_text("no program")
        self.ebb("run", "--", str(self.folder / "plain"), code=126)
        self.ebb("run", "--run-id", "../x", "--", "true", code=125)
        self.ebb("run", code=2)
        self.ebb("run", "--no-such-option", "--", "true", code=2)

    def test_options_of_the_command_are_its_own(self):
        done = self.ebb("run", "--quiet", "--", "echo", "--json", "--zone", "--", "-x")
        self.assertEqual(done.stdout, b"--json --zone -- -x\n")

    def test_a_signal_to_ebb_reaches_the_command(self):
        with subprocess.Popen([EBB, "run", "--", "sh", "-c", "trap 'echo got; exit 7' TERM; echo ready; sleep 60 > /dev/null 2>&1 & wait"],
                              env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=30)
        self.assertEqual(out, b"got\n")
        self.assertEqual(process.returncode, 7)

    def test_ctrl_c_on_a_terminal_meets_the_command_once(self):
        command = "trap 'echo GOT' INT; echo READY; sleep 60; sleep 0.2; exit 5"
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(EBB, [EBB, "run", "--", "sh", "-c", command], self.environment)
        text = b""
        while b"READY" not in text:
            text += os.read(terminal, 1024)
        os.write(terminal, b"\x03")
        try:
            while chunk := os.read(terminal, 1024):
                text += chunk
        except OSError:
            pass
        _, status = os.waitpid(pid, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 5)
        self.assertEqual(text.count(b"GOT"), 1)

    # --- trap 1 ---
    def test_short_children_are_counted(self):
        script = f"for i in 1 2 3 4 5 6 7 8 9 10; do {sys.executable} -c '{WORKER}' 0.1; done"
        document = self.run_json([], ["sh", "-c", script])
        # The interpreters' own start comes on top of the second that they work.
        self.assertGreater(document["job_cpu_seconds"], 1.0)
        self.assertLess(document["job_cpu_seconds"], 3.0)

    # --- trap 2, 12, 13, 21 through the real dlopen path ---
    def boards(self, text):
        recording = self.folder / "boards.recording"
        recording.write_text(text)
        return dict(EBB_NVML_LIBRARY=str(FAKE_NVML), EBB_FAKE_NVML=str(recording))

    def test_eight_boards_are_added_up(self):
        text = "".join(f"board {n} NVIDIA H100 80GB HBM3\npower {n} 0 400000\n" for n in range(8))
        begin = time.monotonic()
        document = self.run_json(["--sensors", "nvml"], ["sleep", "2"], CUDA_VISIBLE_DEVICES="0,1,2,3,4,5,6,7",
                                 **self.boards(text))
        length = time.monotonic() - begin
        boards = self.component(document, "gpu")
        self.assertEqual(len(boards), 8)
        self.assertEqual({one["method"] for one in boards}, {"measured:nvml-counter"})
        joules = sum(one["energy_kwh"] for one in boards) * 3.6e6
        self.assertGreater(joules, 8 * 400 * 1.5)
        self.assertLess(joules, 8 * 400 * (length + 0.2))
        self.assert_conserved(document)

    def test_a_board_that_is_not_the_runs_is_not_counted(self):
        text = "board 0 A\npower 0 0 100000\nboard 1 B\npower 1 0 300000\n"
        document = self.run_json(["--sensors", "nvml"], ["sleep", "1.5"], CUDA_VISIBLE_DEVICES="1", **self.boards(text))
        energies = {one["name"]: one["energy_kwh"] for one in self.component(document, "gpu")}
        self.assertEqual(energies["gpu0"], 0)
        self.assertGreater(energies["gpu1"], 0)

    def test_a_missing_counter_means_integrated_power_labelled(self):
        text = "board 0 Old Board\npower 0 0 100000\nno-counter 0\n"
        document = self.run_json(["--sensors", "nvml"], ["sleep", "1.5"], CUDA_VISIBLE_DEVICES="0", **self.boards(text))
        board, = self.component(document, "gpu")
        self.assertEqual(board["method"], "measured:nvml-power")
        self.assertGreater(board["energy_kwh"] * 3.6e6, 80)

    def test_a_counter_reset_is_a_gap_and_never_negative(self):
        text = "board 0 Board\npower 0 0 100000\nreset 0 1200\n"
        document = self.run_json(["--sensors", "nvml", "--every", "200ms"], ["sleep", "3"], CUDA_VISIBLE_DEVICES="0",
                                 **self.boards(text))
        board, = self.component(document, "gpu")
        self.assertGreater(board["energy_kwh"] * 3.6e6, 150)
        self.assertLess(board["energy_kwh"] * 3.6e6, 320)
        self.assertIn("reset", {gap["cause"] for gap in document["gaps"]})

    def test_no_library_is_no_error(self):
        document = self.run_json([], ["true"], EBB_NVML_LIBRARY="/no/such/library.so")
        self.assertEqual(self.component(document, "gpu"), [])

    # --- traps 3, 5, 6, 7, 14, 17, 19 on a tree of files ---
    def powercap(self, zones):
        """zones: folder -> (name, energy file's text, mode)."""
        root = self.folder / "sys/class/powercap"
        for zone, (name, energy, mode) in zones.items():
            folder = root / zone
            folder.mkdir(parents=True)
            (folder / "name").write_text(name + "\n")
            (folder / "max_energy_range_uj").write_text("262143328850\n")
            (folder / "energy_uj").write_text(energy + "\n")
            (folder / "energy_uj").chmod(mode)
        return root, dict(EBB_SYSFS=str(self.folder / "sys"))

    def test_rapl_counts_each_package_and_its_memory_once_and_switches_their_models_off(self):
        root, extra = self.powercap({"intel-rapl:0": ("package-0", "1000000", 0o444),
                                     "intel-rapl:a": ("package-1", "5000000", 0o444),
                                     "intel-rapl:0:0": ("dram", "100", 0o444),
                                     "intel-rapl:a:0": ("dram", "700", 0o444),
                                     "intel-rapl:0:1": ("core", "1", 0o444),
                                     "intel-rapl:2": ("psys", "9000000", 0o444)})
        step = ("sleep 0.5; cd " + str(root) + "; echo 11000000 > intel-rapl:0/energy_uj; "
                "echo 25000000 > intel-rapl:a/energy_uj; echo 2000100 > intel-rapl:0:0/energy_uj; "
                "echo 3000700 > intel-rapl:a:0/energy_uj; echo 99000000 > intel-rapl:2/energy_uj; sleep 0.5")
        document = self.run_json(["--whole-machine"], ["sh", "-c", step], **extra)
        energies = {one["name"]: round(one["energy_kwh"] * 3.6e6, 3) for one in document["components"]}
        self.assertEqual(energies, {"package0": 10, "package1": 20, "dram0": 2, "dram1": 3})
        self.assertTrue(all(one["method"].startswith("measured:rapl") for one in document["components"]))
        self.assert_conserved(document)

    def test_rapl_that_may_not_be_read_is_said_with_the_mend_and_modelled(self):
        if os.geteuid() == 0 and shutil.which("setpriv") is None:
            self.skipTest("root may read everything, and there is no setpriv")
        _, extra = self.powercap({"intel-rapl:0": ("package-0", "1000000", 0o400)})
        self.folder.chmod(0o777)
        output = self.folder / "document.json"
        output.touch()
        output.chmod(0o666)
        as_user = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        (self.folder / "data").mkdir(mode=0o777)
        (self.folder / "data").chmod(0o777)
        done = subprocess.run([*as_user, EBB, "run", "--json", "--", "true"], capture_output=True, timeout=60, check=True,
                              env=dict(self.environment, XDG_DATA_HOME=str(self.folder / "data"), **extra))
        document = json.loads(done.stderr)
        told = [line for line in document["warnings"] if "rapl" in line]
        self.assertTrue(told and "mend:" in told[0], document["warnings"])
        self.assertEqual({one["method"].split(":")[0] for one in document["components"]}, {"modelled"})

    # --- trap 8 ---
    def test_killed_at_random_moments_the_trace_reads_back_and_the_command_goes_on(self):
        source = random.Random(20261123)
        rounds, longest = (20, 0.6) if SANITIZED else (200, 0.16)  # a sanitized program takes long to start
        for number in range(rounds):
            began, told = self.folder / f"began{number}", self.folder / f"told{number}"
            run_id = f"kill{number}"
            process = subprocess.Popen([EBB, "run", "--every", "10ms", "--run-id", run_id, "--quiet", "--", "sh", "-c",
                                        f"echo > {began}; sleep {longest}; echo done > {told}"], env=self.environment)
            time.sleep(source.uniform(0, longest))
            process.send_signal(signal.SIGKILL)
            process.wait()
            trace = list((self.folder / "ebb/runs" / run_id).glob("*.trace"))
            if trace and trace[0].stat().st_size > 100:
                state = json.loads(self.ebb("runs", "show", run_id, "--json").stdout)
                self.assertIn(state["state"], ("lost", "finished"), run_id)
                self.assertGreaterEqual(state["energy_kwh"], 0)
            # Killed before it started the command, ebb has started nothing; else the command ends as if alone.
            time.sleep(0.02)
            for _ in range(200):
                if told.exists() or not began.exists():
                    break
                time.sleep(0.02)
            self.assertEqual(told.exists(), began.exists(), f"{run_id}: the command did not go on")
        listed = {one["run_id"] for one in json.loads(self.ebb("runs", "list", "--json").stdout)}
        started = {f"kill{number}" for number in range(rounds) if (self.folder / f"began{number}").exists()}
        self.assertGreater(len(started), 0, "every kill came before its command: the moments are too early")
        self.assertEqual(started - listed, set(), "a run whose command was started is lost")

    def test_a_trace_with_damage_in_it_is_shown_with_what_it_lost(self):
        document = self.run_json(["--every", "20ms"], ["sleep", "3"])
        trace, = (self.folder / "ebb/runs" / document["run_id"]).glob("*.trace")
        data = bytearray(trace.read_bytes())
        data[len(data) * 3 // 4] ^= 0xFF
        trace.write_bytes(data)
        priced = json.loads(self.ebb("runs", "price", document["run_id"], "--dry-run", "--json").stdout)
        self.assertTrue(any("damaged" in line for line in priced["warnings"]), priced["warnings"])
        self.assertGreater(priced["energy_kwh"], 0.5 * document["energy_kwh"])
        trace.write_bytes(b"nothing of a trace")
        done = self.ebb("runs", "price", document["run_id"], code=3)
        self.assertIn(trace.name, done.stderr.decode())
        shown = json.loads(self.ebb("runs", "show", document["run_id"], "--json").stdout)
        self.assertEqual(shown["energy_kwh"], document["energy_kwh"])

    def test_a_broken_ledger_loses_no_run(self):
        document = self.run_json([], ["true"])
        ledger = self.folder / "ebb/ledger.db"
        for beside in ("-wal", "-shm"):
            Path(str(ledger) + beside).unlink(missing_ok=True)
        ledger.write_bytes(b"no database at all" * 100)
        done = self.ebb("run", "--", "sh", "-c", "exit 9", code=9)
        self.assertIn("ledger", done.stderr.decode())
        self.ebb("runs", "list", code=3)
        ledger.unlink()
        listed = json.loads(self.ebb("runs", "list", "--json").stdout)
        self.assertIn(document["run_id"], {one["run_id"] for one in listed})
        self.assertEqual(len(listed), 2)

    # --- trap 9 ---
    def test_a_second_run_into_the_same_file_stays_readable(self):
        for number in range(2):
            document = self.run_json([], ["true"])
            for name in ("runs.csv", "runs.jsonl"):
                self.ebb("runs", "export", document["run_id"], "--output", str(self.folder / name))
        lines = (self.folder / "runs.csv").read_text().splitlines()
        self.assertEqual(len(lines), 3)
        self.assertEqual(len({line.count(",") for line in lines[:1]}), 1)
        self.assertEqual(len([json.loads(line) for line in (self.folder / "runs.jsonl").read_text().splitlines()]), 2)
        (self.folder / "other.csv").write_text("a,b\n1,2\n")
        self.ebb("runs", "export", "--output", str(self.folder / "other.csv"), code=3)
        self.assertEqual((self.folder / "other.csv").read_text(), "a,b\n1,2\n")

    # --- trap 11 ---
    def test_four_ranks_on_one_node_are_one_node(self):
        environment = dict(self.environment, SLURM_JOB_ID="77", SLURM_STEP_ID="0", SLURM_NNODES="1", SLURM_NTASKS="4",
                           SLURMD_NODENAME="n1", SLURM_STEP_NODELIST="n1", SLURM_JOB_NODELIST="n1",
                           XDG_RUNTIME_DIR=self.runtime())
        text = "board 0 Board\npower 0 0 100000\n"
        extra = self.boards(text)
        ranks = [subprocess.Popen([EBB, "run", "--sensors", "nvml", "--", "sleep", "3"], stderr=subprocess.DEVNULL,
                                  env=dict(environment, SLURM_PROCID=str(rank), SLURM_LOCALID=str(rank),
                                           CUDA_VISIBLE_DEVICES="0", **extra)) for rank in range(4)]
        begin = time.monotonic()
        self.assertEqual([rank.wait(timeout=60) for rank in ranks], [0, 0, 0, 0])
        length = time.monotonic() - begin
        listed = json.loads(self.ebb("runs", "list", "--json").stdout)
        self.assertEqual(len(listed), 1)
        self.assertLess(listed[0]["energy_kwh"] * 3.6e6, 100 * (length + 1))
        self.assertGreater(listed[0]["energy_kwh"] * 3.6e6, 100)

    def test_a_node_that_does_not_report_is_a_named_gap(self):
        environment = dict(SLURM_JOB_ID="78", SLURM_STEP_ID="0", SLURM_NNODES="2", SLURM_PROCID="0", SLURM_LOCALID="0",
                           SLURM_NTASKS="2", SLURMD_NODENAME="n1", SLURM_STEP_NODELIST="n[1-2]",
                           SLURM_JOB_NODELIST="n[1-2]", XDG_RUNTIME_DIR=self.runtime())
        self.ebb("run", "--", "true", **environment)
        listed = json.loads(self.ebb("runs", "list", "--json").stdout)
        self.assertEqual(listed[0]["missing_nodes"], ["n2"])
        self.ebb("run", "--", "true", **dict(environment, SLURMD_NODENAME="n2", SLURM_PROCID="1"))
        listed = json.loads(self.ebb("runs", "list", "--json").stdout)
        self.assertEqual(len(listed), 1)
        self.assertEqual(listed[0]["missing_nodes"], [])
        self.assertEqual(sorted(listed[0]["nodes"]), ["n1", "n2"])

    # --- marks ---
    def test_marks_nest_and_their_energies_are_within_the_run(self):
        script = (f"{EBB} mark train && for i in 1 2 3; do {EBB} mark epoch; {sys.executable} -c '{WORKER}' 0.2; "
                  f"{EBB} mark epoch; done; {EBB} mark --end train; {EBB} mark --end train")
        document = self.run_json(["--epochs-hint", "10"], ["sh", "-c", script], code=2)
        regions = {one["path"]: one for one in document["regions"]}
        self.assertEqual(regions["train/epoch"]["passages"], 3)
        self.assertLessEqual(regions["train/epoch"]["energy_kwh"], regions["train"]["energy_kwh"])
        self.assertLessEqual(regions["train"]["energy_kwh"], document["energy_kwh"])
        self.assertGreater(document["prediction"]["energy_kwh"], 2 * regions["train/epoch"]["energy_kwh"])
        self.ebb("mark", "epoch", code=2)

    def test_regions_of_python(self):
        script = ("import sys; sys.path.insert(0, sys.argv[1])\nimport ebb\n"
                  "with ebb.region('fit'):\n  for _ in range(3):\n    with ebb.region('epoch'): sum(range(10**6))\n"
                  "try: ebb.end('never')\nexcept ValueError as told: print(told)\n")
        source = str(Path(__file__).resolve().parents[2] / "python")
        document = self.run_json([], [sys.executable, "-c", script, source])
        self.assertEqual({one["path"]: one["passages"] for one in document["regions"]}, {"fit": 1, "fit/epoch": 3})
        alone = subprocess.run([sys.executable, "-c", script, source], env=self.environment, check=True, capture_output=True)
        self.assertEqual(alone.stdout, b"", "outside of a run a region does nothing")

    # --- attach ---
    def test_what_runs_already_can_be_measured(self):
        worker = subprocess.Popen([sys.executable, "-c", WORKER, "1"])
        output = self.folder / "attached.json"
        self.ebb("run", "--json", "--output", str(output), "--attach", str(worker.pid))
        worker.wait()
        document = json.loads(output.read_text())
        self.assertGreater(document["energy_kwh"], 0)
        self.ebb("run", "--attach", "999999999", code=2)

    # --- prices ---
    def test_an_old_run_is_priced_again_and_what_stood_there_is_kept(self):
        document = self.run_json(["--zone", "DE"], ["sleep", "0.2"])
        self.assertIsNotNone(document["attributional"])
        again = json.loads(self.ebb("runs", "price", document["run_id"], "--zone", "FR", "--reason", "moved",
                                    "--json").stdout)
        self.assertEqual(again["zone"], "FR")
        self.assertEqual(again["energy_kwh"], document["energy_kwh"])
        shown = self.ebb("runs", "show", document["run_id"]).stdout.decode()
        self.assertIn("moved", shown)
        self.ebb("run", "--zone", "Nowhere", "--", "sh", "-c", "exit 4", code=4)
        both = json.loads(self.ebb("runs", "price", document["run_id"], "--zone", "US-CAL-CISO", "--json").stdout)
        self.assertIsNotNone(both["attributional"])
        self.assertIsNotNone(both["consequential"])

    def test_a_record_can_be_verified_and_a_changed_one_is_found_out(self):
        document = self.run_json(["--zone", "DE", "--pue", "1.3"], ["sleep", "0.2"])
        record = self.folder / "record.json"
        record.write_text(json.dumps(document))
        self.assertIn("arithmetic reproduced", self.ebb("report", "--verify", str(record)).stdout.decode())
        document["emissions_g"] *= 1.01
        record.write_text(json.dumps(document))
        self.ebb("report", "--verify", str(record), code=3)

    def test_reports_of_a_run_and_of_a_project(self):
        document = self.run_json(["--zone", "DE", "--project", "p<script>"], ["sleep", "0.2"])
        for form in ("html", "markdown", "latex", "csv", "json"):
            self.assertGreater(len(self.ebb("report", document["run_id"], "--format", form).stdout), 100)
            self.assertGreater(len(self.ebb("report", "--project", "p<script>", "--format", form).stdout), 100)
        self.ebb("report", "--project", "none", code=4)
        self.ebb("report", "no-such-run", code=4)

    def test_a_full_disk_does_not_stop_the_command(self):
        if not Path("/dev/full").exists():
            self.skipTest("no /dev/full")
        (self.folder / "ebb").mkdir()
        (self.folder / "ebb/runs").write_text("in the way")
        self.ebb("run", "--", "sh", "-c", "exit 3", code=125)

    def test_every_key_of_the_contract_is_there(self):
        document = self.run_json([], ["true"])
        for key in ("run_id command project tags parent_run nodes begin end exit_code components energy_kwh boundary pue "
                    "zone signal intensity_mean_g_per_kwh operational_g embodied_g emissions_g attributional "
                    "consequential sci uncertainty slots coverage pauses what_if meter versions warnings").split():
            self.assertIn(key, document)
        self.assertIsNone(document["emissions_g"])

    def test_replayed_sensors_go_through_the_real_pipeline(self):
        recording = self.folder / "machine.csv"
        self.ebb("doctor", "--record", str(recording), "--for", "2s")
        document = self.run_json(["--sensors", f"replay:{recording}", "--whole-machine"], ["sleep", "1.2"])
        self.assertTrue(document["components"])
        self.assertGreater(document["energy_kwh"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
