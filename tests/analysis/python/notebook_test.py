"""Notebooks are committed as questions: without outputs, times or paths of somebody's machine."""

import json
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
NOTEBOOKS = sorted((ROOT / "analysis/notebooks").glob("*.ipynb"))


def texts(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"]]


class Notebooks(unittest.TestCase):
    def each(self):
        self.assertTrue(NOTEBOOKS)
        for path in NOTEBOOKS:
            with self.subTest(path.name):
                yield path, json.loads(path.read_text(encoding="utf-8"))

    def test_hold_no_output(self):
        for _, notebook in self.each():
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None))
                self.assertEqual(cell["metadata"], {})

    def test_have_cells_with_names_of_their_own(self):
        for _, notebook in self.each():
            self.assertEqual((notebook["nbformat"], notebook["nbformat_minor"]), (4, 5))
            names = [cell["id"] for cell in notebook["cells"]]
            self.assertEqual(len(names), len(set(names)))
            for name in names:
                self.assertRegex(name, r"^[a-z][a-z0-9-]*$")

    def test_ask_a_question_and_answer_it(self):
        for _, notebook in self.each():
            title = texts(notebook)[0].splitlines()[0]
            self.assertRegex(title, r"^# .*\?$")
            self.assertTrue(texts(notebook)[-1].startswith("## Answer"))

    def test_say_nothing_of_one_machine(self):
        for _, notebook in self.each():
            for text in texts(notebook):
                self.assertIsNone(re.search(r"/(home|tmp|root|usr)/", text), text)

    def test_are_of_any_python_3(self):
        for _, notebook in self.each():
            self.assertEqual(notebook["metadata"]["kernelspec"]["name"], "python3")
            self.assertEqual(notebook["metadata"]["language_info"], {"name": "python"})

    def test_are_all_executed(self):
        executed = (ROOT / "tests/analysis/python/CMakeLists.txt").read_text(encoding="utf-8")
        for path, _ in self.each():
            self.assertRegex(executed, rf"\b{path.stem}\b")


if __name__ == "__main__":
    unittest.main()
