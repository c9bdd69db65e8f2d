"""Validates scenario files with scenarios/schema.json: those that are right pass, and those below fail."""
import json
import pathlib
import sys

import jsonschema
import yaml

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
    tree = yaml.safe_load(path.read_text())
    failures += [f"{path}: {error.message[:200]}" for error in validator.iter_errors(tree)]
for name in WRONG:
    tree = yaml.safe_load((root / f"tests/scenarios/wrong/{name}.yaml").read_text())
    if validator.is_valid(tree) != (name in UNSEEN):
        failures.append(f"{name}: the schema sees it otherwise than expected")
sweeps = jsonschema.Draft7Validator(json.loads((root / "scenarios/sweeps/schema.json").read_text()))
for path in [*root.glob("scenarios/sweeps/*.yaml"), *root.glob("tests/scenarios/sweeps/*.yaml")]:
    wrong = [error.message[:200] for error in sweeps.iter_errors(yaml.safe_load(path.read_text()))]
    if bool(wrong) != path.stem.startswith("wrong"):
        failures.append(f"{path}: {wrong or 'the schema sees nothing wrong'}")
print("\n".join(failures))
sys.exit(bool(failures))
