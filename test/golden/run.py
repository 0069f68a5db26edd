#!/usr/bin/env python3
"""Golden folders: runs the shell line `cmd` of each case in a copy of its `inputs` and compares stdout and exit code.

    EBB=build/release/ebb run.py CASE...            compare
    EBB=build/release/ebb run.py --update [CASE...]  rewrite (scripts/update-golden)
"""

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def run(case):
    """stdout and exit code, as bytes."""
    with tempfile.TemporaryDirectory(prefix="ebb-golden-") as holder:
        # A folder of its own inside, so that ../shared/data is never found.
        work = Path(holder) / "case" / "inputs"
        work.mkdir(parents=True)
        if (case / "inputs").is_dir():
            shutil.copytree(case / "inputs", work, dirs_exist_ok=True)
        program = Path(os.environ["EBB"]).resolve().parent
        env = {"PATH": f"{program}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": holder}
        env.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        made = subprocess.run(["bash", "-eu", case / "cmd"], cwd=work, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120, check=False)
        return made.stdout, b"%d\n" % made.returncode, made.stderr


def compare(case):
    out, code, err = run(case)
    same = True
    for name, made in (("stdout", out), ("exit", code)):
        expected = (case / name).read_bytes() if (case / name).exists() else b""
        if made != expected:
            same = False
            lines = [text.decode("utf-8", "replace").splitlines() for text in (expected, made)]
            print("\n".join(difflib.unified_diff(*lines, f"{case.name}/{name}", "now", lineterm="")))
    if not same:
        print(err.decode("utf-8", "replace"), end="")
    return same


def main(words):
    update = "--update" in words
    names = [word for word in words if word != "--update"]
    cases = [HERE / name for name in names] or sorted(path.parent for path in HERE.glob("*/cmd"))
    failed = 0
    for case in cases:
        if update:
            out, code, _ = run(case)
            (case / "stdout").write_bytes(out)
            (case / "exit").write_bytes(code)
        elif not compare(case):
            failed += 1
    print(f"{len(cases)} cases, {failed} differ" if not update else f"{len(cases)} cases written")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
