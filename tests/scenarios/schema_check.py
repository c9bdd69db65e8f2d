"""Validates scenario files with scenarios/schema.json: those that are right pass, and those below fail."""
import json
import pathlib
import re
import sys

import jsonschema
import yaml



class Loader(yaml.SafeLoader):
    """Reads numbers like 10e12 as editors do (YAML 1.2); PyYAML takes them for words."""


Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+$"),
                             list("-+0123456789"))


def read(path):
    return yaml.load(path.read_text(), Loader)


root = pathlib.Path(sys.argv[1])
schema = json.loads((root / "scenarios/schema.json").read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)

WRONG = """misspelt_key misspelt_nested_key missing_key wrong_unit no_unit unknown_kind missing_kind unknown_word
list_for_a_mapping word_for_a_list word_for_a_mapping list_at_the_root missing_everything""".split()
# A refinement's values are not described (see schema.hpp), so that what is wrong inside one is seen by `check` only.
UNSEEN = {"no_unit"}

failures = []
right = [*root.glob("scenarios/*.yaml"), *root.glob("scenarios/peers/*.yaml"), root / "tests/scenarios/good.yaml"]
for path in right:
    tree = read(path)
    failures += [f"{path}: {error.message[:200]}" for error in validator.iter_errors(tree)]
for name in WRONG:
    tree = read(root / f"tests/scenarios/wrong/{name}.yaml")
    if validator.is_valid(tree) != (name in UNSEEN):
        failures.append(f"{name}: the schema sees it otherwise than expected")
sweeps = jsonschema.Draft7Validator(json.loads((root / "scenarios/sweeps/schema.json").read_text()))
for path in [*root.glob("scenarios/sweeps/*.yaml"), *root.glob("tests/scenarios/sweeps/*.yaml")]:
    wrong = [error.message[:200] for error in sweeps.iter_errors(read(path))]
    if bool(wrong) != path.stem.startswith("wrong"):
        failures.append(f"{path}: {wrong or 'the schema sees nothing wrong'}")
plans = jsonschema.Draft7Validator(json.loads((root / "scenarios/plans/schema.json").read_text()))
for path in root.glob("scenarios/plans/*.yaml"):
    failures += [f"{path}: {error.message[:200]}" for error in plans.iter_errors(read(path))]
print("\n".join(failures))
sys.exit(bool(failures))
