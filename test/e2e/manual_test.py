"""--help, the manual page and the completions are of one piece, and their formats are sound."""

import re
import shutil
import subprocess
import unittest

import program

COMMANDS = ("plan", "study", "grid import", "report")


class Manual(program.ProgramTest):
    def options(self, command):
        text = self.good(*command.split(), "--help").out
        found = re.findall(r"^  (--[a-z][a-z-]*)", text, re.M)
        self.assertGreater(len(found), 5, text)
        return set(found)

    def test_every_command_of_the_overview_has_help_with_two_examples(self):
        overview = self.good("--help").out
        listed = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  ", overview.split("commands:")[1].split("examples:")[0], re.M)
        self.assertLessEqual(set(COMMANDS), set(listed), overview)
        for command in listed:
            text = self.good(*command.split(), "--help").out
            examples = text.split("examples:")[1].strip().splitlines()
            self.assertGreaterEqual(len(examples), 2, text)
            for example in examples:
                self.assertTrue(example.strip().startswith(f"ebb {command}"), example)

    def test_every_option_is_in_the_manual_page(self):
        page = self.good("man").out.replace("\\-", "-")
        for command in COMMANDS:
            for option in self.options(command):
                self.assertRegex(page, re.escape(f"\\fB{option}\\fR"), f"{option} of {command}")

    def test_every_option_is_in_the_completions(self):
        for shell in ("bash", "zsh"):
            script = self.good("completion", shell).out
            for command in COMMANDS:
                words = re.search(rf'^ +{command.split()[0]}\) words="([^"]*)"', script, re.M)
                self.assertIsNotNone(words, script)
                self.assertLessEqual(self.options(command), set(words.group(1).split()))
        fish = self.good("completion", "fish").out
        for command in COMMANDS:
            first = command.split()[0]
            known = set(re.findall(rf"__fish_seen_subcommand_from {first}' -l ([a-z-]+)", fish))
            self.assertLessEqual({o[2:] for o in self.options(command)}, known)

    def test_the_bash_completion_is_a_script_that_completes(self):
        script = self.write("ebb.bash", self.good("completion", "bash").out)
        subprocess.run(["bash", "-n", script], cwd=self.folder, check=True)
        ask = f"source {script}; COMP_WORDS=(ebb plan --sla); COMP_CWORD=2; _ebb; echo \"${{COMPREPLY[*]}}\""
        answer = subprocess.run(["bash", "-c", ask], cwd=self.folder, check=True, capture_output=True, text=True)
        self.assertEqual(answer.stdout.strip(), "--slack")

    def test_an_unknown_shell_is_a_usage_error(self):
        self.assertEqual(self.ebb("completion", "tcsh").code, 2)

    @unittest.skipUnless(shutil.which("groff"), "no groff: install groff-base")
    def test_the_manual_page_has_no_faults_for_groff(self):
        page = self.write("ebb.1", self.good("man").out)
        made = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-Wbreak", page], cwd=self.folder, capture_output=True,
                              text=True)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        self.assertIn("EXIT STATUS", re.sub(r".\x08|\x1b\[[0-9;]*m", "", made.stdout))

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc")
    def test_the_manual_page_has_no_faults_for_mandoc(self):
        page = self.write("ebb.1", self.good("man").out)
        made = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], cwd=self.folder, capture_output=True, text=True)
        # The page has no date: the same version gives the same bytes.
        self.assertEqual([line for line in made.stdout.splitlines() if "missing date" not in line], [])


if __name__ == "__main__":
    program.main()
