"""superpod from Python: run scenarios, and read what was found into pandas and xarray.

    import superpod

    result = superpod.run("scenarios/deepseek_v3_pretraining_on_atlas_950.yaml", {"workload.batch": 7680})
    print(result.verdict)
    result.figures                      # value, unit, meaning and interval of each figure
    result.table("kernels")             # any table, as a DataFrame with units in its attrs
    result.arrays.link_utilisation      # arrays over tables' rows, as an xarray Dataset
    superpod.open("out.h5")             # what `superpod run -o out.h5` has written

The program is the one that the environment variable SUPERPOD names, else `superpod` on the PATH, else the release
build of the repository. Numbers are in SI base units throughout. `superpod.plot` draws.
"""

from . import quantity
from .errors import Mistake, OurFault, ScenarioError, SuperpodError, WorldError
from .program import repository
from .result import Result, open
from .verbs import calibrate, library, plan, read_table, run, sweep, validate
from .sweep_result import Sweep

__all__ = [
    "Mistake", "OurFault", "Result", "ScenarioError", "SuperpodError", "Sweep", "WorldError",
    "calibrate", "library", "open", "plan", "quantity", "read_table", "repository", "run", "sweep", "validate",
]  # fmt: skip
