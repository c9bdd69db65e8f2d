"""Executes a notebook as a reader would, and looks at what came out.

Usage: run_notebook.py NOTEBOOK FOLDER: the executed notebook and its figures (CELL.png) are left in FOLDER/NAME.
"""

import base64
import os
import pathlib
import subprocess
import sys

try:
    import ipykernel  # noqa: F401: the kernel
    import matplotlib.font_manager  # noqa: F401: makes its cache of fonts here, where a word about it harms nobody
    import nbconvert  # noqa: F401
    import nbformat
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

notebook = pathlib.Path(sys.argv[1])
folder = pathlib.Path(sys.argv[2]) / notebook.stem
folder.mkdir(parents=True, exist_ok=True)

# Nothing of the user's: no kernels, configuration or start-up files. The kernel is then the Python that runs this.
folders = ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_PATH", "IPYTHONDIR")
alone = {name: str(folder / "nobody") for name in folders}
alone |= {"JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
subprocess.run(
    [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--log-level", "WARN"]
    + ["--ExecutePreprocessor.kernel_name=python3", "--ExecutePreprocessor.timeout=600"]
    + ["--output-dir", folder, notebook],
    env=os.environ | alone,
    check=True,
)

executed = nbformat.read(folder / notebook.name, as_version=4)
wrong, figures = [], 0
for cell in executed.cells:
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stderr":
            wrong.append(f"cell {cell.id} warns: {output.text}")
        if output.output_type == "error":
            wrong.append(f"cell {cell.id} fails: {output.ename}: {output.evalue}")
        picture = output.get("data", {}).get("image/png")
        if picture:
            figures += 1
            (folder / f"{cell.id}.png").write_bytes(base64.b64decode(picture))
if figures == 0:
    wrong.append("there is no figure")
if not any(output.output_type == "stream" for output in executed.cells[-2].get("outputs", [])):
    wrong.append("the last code, before the closing words, prints no answer")
print(f"{notebook.name}: {figures} figures in {folder}")
sys.exit("\n".join(wrong) if wrong else 0)
