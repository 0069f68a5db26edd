"""slurm::SlurmExecutor on a real Slurm of three nodes on loopback, as root and as a plain user."""

import datetime
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

DRIVE = sys.argv.pop() if len(sys.argv) > 1 else ""
EBB = os.environ["EBB"]
SCRIPTS = Path(__file__).resolve().parents[1] / "slurm"
SKIPPED = 77
PATIENCE = 40  # seconds; nothing here takes long, a loaded machine may
NOBODY = pwd.getpwnam("nobody")
SERVICE, USAGE = 5, 2

# Counts on while it runs; on USR1 it says so and ends.
COUNTER = """trap 'echo checkpoint; exit 0' USR1
i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i > {count}; sleep 0.05; done"""


class SlurmExecutorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Slurm's own users must reach it, so not below a private folder.
        cls.folder = tempfile.mkdtemp(prefix="ebb-slurm-", dir="/tmp")
        os.chmod(cls.folder, 0o755)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.addClassCleanup(cls.end_orphans)
        cls.addClassCleanup(subprocess.run, [SCRIPTS / "slurm-down", cls.folder], check=False)
        subprocess.run([SCRIPTS / "slurm-up", cls.folder, "3"], check=True, timeout=120, stdout=subprocess.DEVNULL)
        os.environ["SLURM_CONF"] = f"{cls.folder}/slurm.conf"
        # What would change Slurm's commands, were it handed on.
        os.environ.update(SLURM_JWT="none", SQUEUE_USERS="nobody", SBATCH_PARTITION="none", SLURM_CLUSTERS="none")
        cls.clean = {k: v for k, v in os.environ.items()
                     if not k.startswith(("SLURM_J", "SLURM_CL", "SQUEUE_", "SBATCH_"))}

    @classmethod
    def end_orphans(cls):
        """Step daemons whose controller went away under them go on looking for it."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                ours = f"SLURM_CONF={cls.folder}/slurm.conf".encode() in (process / "environ").read_bytes()
                if ours and (process / "comm").read_text().startswith("slurmstepd"):
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                pass

    def setUp(self):
        self.work = tempfile.mkdtemp(prefix="job-", dir=self.folder)
        os.chmod(self.work, 0o777)
        self.addCleanup(self.slurm, "scancel", "--user=root", "--full", check=False)
        self.addCleanup(self.slurm, "scancel", "--user=nobody", "--full", check=False)

    # The machinery.
    def slurm(self, *words, check=True, user=None):
        extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        return subprocess.run(words, env=self.clean, capture_output=True, text=True, timeout=30, check=check,
                              cwd="/", **extra).stdout.strip()

    def drive(self, *words, code=0, user=None, options=()):
        extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        done = subprocess.run([DRIVE, *options, *map(str, words)], capture_output=True, text=True, timeout=120,
                              cwd="/", check=False, **extra)
        self.assertEqual(done.returncode, code, f"{words}: {done.stderr}")
        return json.loads(done.stdout) if code == 0 else done.stderr

    def task(self, name, argv=None, user=None, **more):
        user = user or pwd.getpwuid(0)
        count = f"{self.work}/{name}.count"
        task = {"id": name, "name": more.pop("label", name), "argv": argv or ["/bin/sh", "-c", COUNTER.format(count=count)],
                "environment": ["PATH=/usr/bin:/bin"], "folder": self.work, "output": f"{self.work}/{name}.out",
                "uid": user.pw_uid, "gid": user.pw_gid, "pausable": "freeze"}
        task.update(more)
        path = Path(self.work) / f"{name}.json"
        path.write_text(json.dumps(task))
        path.chmod(0o644)
        return path

    def seen(self, name, handle, attempt=1, user=None):
        return self.drive("observe", name, attempt, handle, user=user)[0]

    def wait_for(self, what, look):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.1)
        self.fail(f"gave up waiting for {what}; the last answer was {found!r}")

    def wait_state(self, name, handle, state, attempt=1, user=None):
        last = []

        def look():
            last[:] = [self.seen(name, handle, attempt, user)]
            return last[0] if last[0]["state"] == state else None
        try:
            return self.wait_for(f"{name} to be {state}", look)
        except AssertionError as error:
            raise AssertionError(f"{error}: {last}") from None

    def count(self, name):
        try:
            return int((Path(self.work) / f"{name}.count").read_text() or 0)
        except (FileNotFoundError, ValueError):
            return 0

    def wait_counting(self, name):
        begin = self.count(name)
        return self.wait_for(f"{name} to count", lambda: self.count(name) > begin)

    def stands_still(self, name):
        """Whether it does not count for some rounds of its loop."""
        begin = self.count(name)
        time.sleep(0.5)
        return self.count(name) == begin

    # Starting.
    def test_a_job_is_started_once_and_says_how_it_ended(self):
        task = self.task("once", ["/bin/sh", "-c", "pwd; echo run >> runs; exit 7"])
        handle = self.drive("start", task)["handle"]
        self.assertEqual(self.drive("start", task)["handle"], handle)
        end = self.wait_state("once", handle, "ended")
        self.assertEqual(end["exit_code"], 7)
        self.assertEqual(self.drive("start", task)["handle"], handle, "not even after its end")
        self.assertEqual((Path(self.work) / "runs").read_text(), "run\n")
        self.assertEqual((Path(self.work) / "once.out").read_text(), f"{self.work}\n")
        self.assertEqual(self.seen("once", "-")["state"], "ended", "found without its handle")
        self.assertEqual(self.seen("other", "-")["state"], "unknown")

    def test_names_paths_arguments_and_environment_are_data(self):
        nasty = ["a b", "", "it's", '"$(touch x)"', "`touch x`", "#SBATCH --time=1", "one\n#SBATCH --hold\ntwo",
                 "dos\r\n", "\\n", "%j", "*", "~", "-n", "é", "$HOME", "end\\"]
        out = f"{self.work}/100%j %% 'q' #1.out"
        show = "import os,sys,json; print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]))"
        folder = Path(self.work) / "it's a `folder`\n#SBATCH --hold"
        folder.mkdir()
        task = self.task("nasty", ["/usr/bin/python3", "-c", show, *nasty], label="x\n#SBATCH --hold $(touch x)",
                         folder=str(folder), output=out,
                         environment=["PATH=/usr/bin:/bin", "A=it's\r\n#SBATCH --hold", "BASH_FUNC_f%%=() { :; }",
                                      "SLURM_JOB_ID=1", "EMPTY="])
        handle = self.drive("start", task)["handle"]
        end = self.wait_state("nasty", handle, "ended")
        self.assertEqual(end["exit_code"], 0, Path(out).read_text())
        words, environment, where = json.loads(Path(out).read_text())
        self.assertEqual(words, nasty)
        self.assertEqual(environment["A"], "it's\r\n#SBATCH --hold")
        self.assertEqual(environment["BASH_FUNC_f%%"], "() { :; }")
        self.assertEqual(environment["EMPTY"], "")
        self.assertEqual(environment["SLURM_JOB_ID"], handle, "Slurm's own stay Slurm's")
        for name in ("TZ", "HOME", "SLURM_TIME_FORMAT", "ebb_nl"):
            self.assertNotIn(name, environment)
        self.assertEqual(where, str(folder))
        self.assertFalse((folder / "x").exists())

    def test_root_starts_it_as_its_user_and_a_user_only_himself(self):
        task = self.task("whose", ["/usr/bin/id", "-u"], user=NOBODY)
        handle = self.drive("start", task)["handle"]
        self.wait_state("whose", handle, "ended")
        self.assertEqual((Path(self.work) / "whose.out").read_text().strip(), str(NOBODY.pw_uid))
        self.assertIn("only root", self.drive("start", self.task("root", ["/bin/true"]), code=USAGE, user=NOBODY))

    def test_another_users_job_with_the_same_name_is_not_taken_for_ours(self):
        theirs = self.slurm("sbatch", "--parsable", "--job-name=ebb:stolen:1", "-o", "/dev/null", "--wrap=sleep 60",
                            user=NOBODY)
        handle = self.drive("start", self.task("stolen"))["handle"]
        self.assertNotEqual(handle, theirs)

    def test_a_name_that_is_no_text_hides_no_job(self):
        subprocess.run(["sbatch", b"--job-name=\xff\xfe\n{\"x", b"--comment=\xc3(", "-o", "/dev/null", "--wrap=sleep 60"],
                       env=self.clean, check=True, timeout=30, stdout=subprocess.DEVNULL, cwd="/")
        handle = self.drive("start", self.task("beside"))["handle"]
        self.wait_state("beside", handle, "running")

    def test_twins_never_run_at_once_and_the_later_one_is_cancelled(self):
        task = self.task("twin")
        first = self.drive("start", task)["handle"]
        # As a submission whose answer was lost.
        second = self.slurm("sbatch", "--parsable", "--job-name=ebb:twin:1", "--dependency=singleton", "-o", "/dev/null",
                            "--wrap=sleep 60")
        self.wait_state("twin", first, "running")
        self.assertEqual(self.slurm("squeue", "-h", "-j", second, "-o", "%T"), "PENDING")
        self.assertEqual(self.drive("start", task)["handle"], first)
        self.wait_for("the twin to go", lambda: self.slurm("squeue", "-h", "-j", second, "-t", "PD,R", "-o", "%T") == "")

    def test_not_before_and_hold_and_a_new_start(self):
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).replace(microsecond=0)
        text = later.strftime("%Y-%m-%dT%H:%M:%SZ")
        handle = self.drive("start", self.task("later", ["/bin/true"], not_before=text))["handle"]
        waiting = self.seen("later", handle)
        self.assertEqual(waiting["state"], "pending")
        self.wait_for("the reason", lambda: text in self.seen("later", handle)["note"])
        handle = f"adopted:{handle}"
        self.drive("begin", handle, (later + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.drive("hold", handle)
        self.assertIn("held", self.seen("x", handle)["note"])
        self.drive("hold", handle)
        self.drive("release", handle)
        self.wait_state("x", handle, "ended")
        self.assertIn("it does not wait", self.drive("hold", handle, code=USAGE))

    def test_engine_options_are_handed_on_and_those_that_undo_are_refused(self):
        held = self.task("engine", ["/bin/true"], engine_options=["--hold", "--time=5", "--nice=10"])
        handle = self.drive("start", held)["handle"]
        self.assertIn("held", self.seen("engine", handle)["note"])
        shown = self.slurm("scontrol", "show", "job", handle)
        self.assertIn("TimeLimit=00:05:00", shown)
        for word in ("--array=1-3", "--arr=1-3", "--wrap=x", "--job-name=x", "-n1", "x.sh", "--te"):
            self.drive("start", self.task("bad", ["/bin/true"], engine_options=[word]), code=USAGE)

    # Pausing.
    def pause_and_resume(self, user):
        name = "pause-" + user.pw_name
        task = self.task(name, user=user)
        handle = self.drive("start", task, user=user)["handle"]
        self.wait_state(name, handle, "running", user=user)
        self.wait_counting(name)
        self.drive("pause", task, handle, user=user)
        self.drive("pause", task, handle, user=user)
        paused = self.wait_state(name, handle, "paused", user=user)
        self.assertEqual(paused["pauses"], 1)
        self.wait_for("it to stand still", lambda: self.stands_still(name))
        time.sleep(2.1)  # Slurm counts whole seconds
        self.assertTrue(self.stands_still(name))
        self.assertGreaterEqual(self.seen(name, handle, user=user)["paused"], 1)
        self.drive("resume", task, handle, user=user)
        self.drive("resume", task, handle, user=user)
        self.wait_counting(name)
        running = self.wait_state(name, handle, "running", user=user)
        self.assertGreaterEqual(running["paused"], 1)
        # A resumed job of Slurm's takes no signal for a moment.
        self.wait_for("another pause", lambda: self.drive("pause", task, handle, user=user) == {}
                      and self.seen(name, handle, user=user)["state"] == "paused")
        return name, task, handle, paused

    def test_root_suspends_and_a_paused_job_can_be_cancelled(self):
        name, task, handle, paused = self.pause_and_resume(pwd.getpwuid(0))
        self.assertIn("its cores are free", paused["note"])
        self.assertEqual(self.slurm("squeue", "-h", "-j", handle, "-o", "%T"), "SUSPENDED")
        self.drive("cancel", task, handle)
        end = self.wait_state(name, handle, "ended")
        self.assertNotEqual(end["exit_code"], 0)
        self.assertEqual(end["pauses"], 2)
        self.drive("cancel", task, handle)
        self.drive("pause", task, handle)

    def test_a_plain_user_stops_all_processes(self):
        name, task, handle, paused = self.pause_and_resume(NOBODY)
        self.assertIn("it keeps its cores", paused["note"])
        self.drive("cancel", task, handle, user=NOBODY)
        end = self.wait_state(name, handle, "ended", user=NOBODY)
        self.assertNotEqual(end["exit_code"], 0)
        self.assertGreaterEqual(end["paused"], 1)

    def test_the_cores_of_a_suspended_job_are_given_to_others(self):
        self.slurm("scontrol", "update", "PartitionName=main", "OverSubscribe=NO")
        self.addCleanup(self.slurm, "scontrol", "update", "PartitionName=main", "OverSubscribe=FORCE:4")
        options = ["--nodelist=n1", "--exclusive"]
        task = self.task("holder", engine_options=options)
        handle = self.drive("start", task)["handle"]
        self.wait_state("holder", handle, "running")
        second = self.drive("start", self.task("second", engine_options=["--nodelist=n1"]))["handle"]
        self.assertEqual(self.seen("second", second)["state"], "pending")
        self.drive("pause", task, handle)
        self.wait_state("second", second, "running")
        self.drive("resume", task, handle)
        self.assertEqual(self.wait_state("holder", handle, "running")["state"], "running")
        self.assertEqual(self.seen("second", second)["state"], "running", "both share the cores now")

    def test_a_checkpoint_job_ends_and_goes_on_as_another_attempt(self):
        task = self.task("save", pausable="checkpoint", grace_seconds=30)
        handle = self.drive("start", task)["handle"]
        self.wait_counting("save")
        self.drive("pause", task, handle)
        end = self.wait_state("save", handle, "ended")
        self.assertTrue(end["checkpointed"])
        self.assertEqual((Path(self.work) / "save.out").read_text(), "checkpoint\n")
        again = self.task("save", pausable="checkpoint", attempt=2)
        second = self.drive("start", again)["handle"]
        self.assertNotEqual(second, handle)
        self.wait_state("save", second, "running", attempt=2)

    def test_a_job_that_has_not_begun_is_held_by_pause(self):
        task = self.task("early", ["/bin/true"], not_before="2100-01-01T00:00:00Z")
        handle = self.drive("start", task)["handle"]
        self.drive("pause", task, handle)
        self.assertIn("held", self.seen("early", handle)["note"])
        self.drive("resume", task, handle)
        self.wait_for("the start that was asked for", lambda: "2100-01-01" in self.seen("early", handle)["note"])

    # Jobs of Slurm's own queue.
    def sbatch(self, *words, user=NOBODY):
        return self.slurm("sbatch", "--parsable", "-D", self.work, "-o", f"{self.work}/plain-%j.out", *words, user=user)

    def test_a_job_of_a_user_is_adopted_held_paused_and_released(self):
        job = self.sbatch("--begin=now+3600", "--time=00:30:00", "--job-name=mine", "--comment=my own words",
                          "--wrap=" + COUNTER.format(count=f"{self.work}/mine.count"))
        adopted, = self.drive("adopt", job)
        self.assertEqual((adopted["name"], adopted["user"], adopted["time_limit"]), ("mine", "nobody", 1800.0))
        self.assertEqual(adopted["now"]["state"], "pending")
        handle = adopted["handle"]
        self.drive("hold", handle)
        self.assertTrue(self.drive("adopt", job)[0]["held"])
        self.slurm("scontrol", "release", job, user=NOBODY)  # its owner can
        self.drive("hold", handle)
        self.drive("release", handle)
        task = self.task(adopted["id"])
        self.wait_state(adopted["id"], handle, "running")
        self.wait_counting("mine")
        self.drive("pause", task, handle)
        self.wait_state(adopted["id"], handle, "paused")
        self.assertIn("Comment=my own words ebb{", self.slurm("scontrol", "show", "job", job))
        self.drive("resume", task, handle)
        self.wait_counting("mine")
        self.drive("cancel", task, handle)
        self.wait_state(adopted["id"], handle, "ended")

    def test_an_administrators_hold_is_not_undone(self):
        job = self.sbatch("--wrap=true", "--begin=now+3600")
        self.slurm("scontrol", "hold", job)
        self.assertIn("administrator", self.drive("release", f"adopted:{job}", code=USAGE))

    def test_an_adopted_checkpoint_job_goes_back_into_the_queue_and_on(self):
        # On a loaded machine Slurm now and then fails to launch what it requeued: it then ends in the second of its begin.
        for last in (False, False, True):
            job = self.sbatch("--requeue", "--wrap=" + COUNTER.format(count=f"{self.work}/back.count"))
            try:
                return self.goes_back_and_on(f"adopted:{job}", job)
            except AssertionError:
                seen = self.seen("back", f"adopted:{job}")
                if last or seen["state"] != "ended" or seen["begun"] != seen["ended"]:
                    raise
                Path(self.work, "back.count").unlink(missing_ok=True)

    def goes_back_and_on(self, handle, job):
        task = self.task("back", pausable="checkpoint", grace_seconds=30)
        self.wait_counting("back")
        self.drive("pause", task, handle)
        self.wait_state("back", handle, "paused")
        self.assertEqual(self.slurm("squeue", "-h", "-j", job, "-o", "%T %Q"), "PENDING 0", "held")
        begin = time.monotonic()
        self.drive("resume", task, handle)
        self.wait_state("back", handle, "running")
        self.assertLess(time.monotonic() - begin, 60, "not after Slurm's 120 s")
        self.drive("cancel", task, handle)
        self.wait_state("back", handle, "ended")

    def test_an_array_is_adopted_as_its_elements(self):
        job = self.sbatch("--array=1,3-7:2,9%2", "--begin=now+3600", "--wrap=sleep 60")
        adopted = self.drive("adopt", job)
        self.assertEqual([one["handle"] for one in adopted], [f"adopted:{job}_{i}" for i in (1, 3, 5, 7, 9)])
        self.drive("hold", adopted[1]["handle"])
        again = {one["handle"]: one["held"] for one in self.drive("adopt", job)}
        self.assertEqual([held for held in again.values()], [False, True, False, False, False])
        self.drive("release", adopted[0]["handle"])
        self.wait_state("x", adopted[0]["handle"], "running")
        self.assertEqual(self.seen("x", adopted[2]["handle"])["state"], "pending")
        self.assertEqual(len(self.drive("adopt", f"{job}_9")), 1)
        self.drive("cancel", self.task("x"), adopted[4]["handle"])
        self.wait_state("x", adopted[4]["handle"], "lost")  # Slurm keeps nothing of an element that never began

    def test_what_cannot_be_adopted_is_told_why(self):
        self.assertIn("no job id", self.drive("adopt", "x; rm", code=USAGE))
        self.assertIn("knows no such job", self.drive("adopt", "999999", code=USAGE))
        ours = self.drive("start", self.task("ours"))["handle"]
        self.assertIn("started by ebb", self.drive("adopt", ours, code=USAGE))
        parts = self.slurm("sbatch", "--parsable", "-o", "/dev/null", "--begin=now+3600", "-n1", ":", "-n1",
                           "--wrap=true").split(";")[0]
        self.assertIn("heterogeneous", self.drive("adopt", parts, code=USAGE))

    # Slurm itself.
    def controller(self):
        for pid in map(int, (Path(self.folder) / "run/pids").read_text().split()):
            children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
            for child in [pid, *map(int, children.split())]:
                try:
                    if Path(f"/proc/{child}/comm").read_text().startswith("slurmctld"):
                        return child
                except OSError:
                    pass
        self.fail("where is slurmctld?")

    def test_jobs_outlive_a_controller_that_is_down_and_restarted(self):
        stopped = self.task("stopped", user=NOBODY)
        first = self.drive("start", stopped, user=NOBODY)["handle"]
        running = self.task("running")
        second = self.drive("start", running)["handle"]
        self.wait_counting("stopped")
        self.wait_counting("running")
        self.drive("pause", stopped, first, user=NOBODY)
        self.wait_state("stopped", first, "paused")
        os.kill(self.controller(), signal.SIGTERM)

        def refused():  # it answers while it goes
            done = subprocess.run([DRIVE, "observe", "running", "1", second], capture_output=True, text=True,
                                  timeout=120, check=False)
            return done if done.returncode != 0 else None
        down = self.wait_for("the controller to be gone", refused)
        try:
            self.assertEqual(down.returncode, SERVICE, down.stderr)
            self.assertIn("slurmctld", down.stderr)
            self.drive("start", running, code=SERVICE)
            self.drive("cancel", running, second, code=SERVICE)
        finally:
            with open(f"{self.folder}/log/slurmctld.again", "wb") as log:
                again = subprocess.Popen(["runuser", "-u", "slurm", "--", "/usr/sbin/slurmctld", "-D"], env=self.clean,
                                         stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            with open(f"{self.folder}/run/pids", "a", encoding="ascii") as pids:
                pids.write(f"{again.pid}\n")
            self.wait_for("the controller", lambda: "is UP" in self.slurm("scontrol", "ping", check=False))
        self.wait_state("running", second, "running")
        self.wait_counting("running")
        self.assertEqual(self.drive("start", running)["handle"], second)
        self.assertEqual(self.seen("stopped", first, user=NOBODY)["pauses"], 1)
        self.assertTrue(self.stands_still("stopped"))
        self.drive("pause", stopped, first, user=NOBODY)
        self.wait_state("stopped", first, "paused")
        self.drive("resume", stopped, first, user=NOBODY)
        self.wait_counting("stopped")

    def test_a_controller_that_hangs_is_an_error_in_time(self):
        controller = self.controller()
        os.kill(controller, signal.SIGSTOP)
        try:
            begin = time.monotonic()
            self.drive("observe", "x", "1", "1", code=SERVICE)
            self.assertLess(time.monotonic() - begin, 90)
        finally:
            os.kill(controller, signal.SIGCONT)
        self.wait_for("the controller", lambda: "is UP" in self.slurm("scontrol", "ping", check=False))

    def test_a_job_that_nobody_remembers_is_lost(self):
        gone = self.seen("never", "4000000")
        self.assertEqual(gone["state"], "lost")
        self.assertIn("keeps no history", gone["note"])

    def test_an_id_that_is_another_jobs_by_now_is_not_ours(self):
        other = self.sbatch("--wrap=sleep 60")
        self.assertEqual(self.seen("mine", other)["state"], "lost")

    def test_ebb_measures_it_on_its_node(self):
        data = Path(self.work) / "data"
        task = self.task("measured", ["/bin/sh", "-c", "sleep 1; exit 3"], run_options=["--zone", "DE", "--quiet"],
                         environment=["PATH=/usr/bin:/bin", f"XDG_DATA_HOME={data}"])
        handle = self.drive("start", task, options=["--ebb", EBB])["handle"]
        end = self.wait_state("measured", handle, "ended")
        self.assertEqual(end["exit_code"], 3)
        runs = json.loads(subprocess.run([EBB, "runs", "list", "--json"], capture_output=True, check=True,
                                         env=dict(self.clean, XDG_DATA_HOME=str(data))).stdout)
        self.assertEqual([run["run_id"] for run in runs], ["measured-1"])


if __name__ == "__main__":
    needed = ["slurmctld", "slurmd", "sbatch", "munged"]
    missing = [name for name in needed if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin") is None]
    if missing or os.geteuid() != 0:
        print("skipped:", f"not installed: {', '.join(missing)}" if missing else "bringing up a Slurm needs root")
        sys.exit(SKIPPED)
    if not DRIVE:
        sys.exit("slurm_executor_test.py [TEST...] SLURM_DRIVE")
    unittest.main(verbosity=2)
