"""The JSON Schema for editors."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from negsim.language import schema, shipped

DATA = Path(__file__).parent / "data"
SCHEMA = schema()


class _Reader(yaml.SafeLoader):
    """YAML 1.2 as an editor reads it: only `true` and `false` are truths, and dates are text."""


_KEPT = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null")
_Reader.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in forms if tag in _KEPT]
    for sign, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Reader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def complaints(path: Path) -> list[str]:
    """What an editor underlines in a file."""
    return complaints_at(path.read_text(encoding="utf-8"))


def complaints_at(text: str) -> list[str]:
    """What an editor underlines in a text."""
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(yaml.load(text, _Reader))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "path",
    sorted({DATA / "whole.yaml", *(path for _, shown in shipped() for path in shown.parent.rglob("*.yaml"))}),
    ids=lambda path: path.stem,
)
def test_what_loads_fits_the_schema(path: Path) -> None:
    assert complaints(path) == []


def test_words_for_values_fit_the_schema() -> None:
    text = """
        negsim: 1
        title: A bridge
        start: 2030-01-01
        horizon: 20
        state: {gates: {values: {shut: fully shut, open: wide open}, initial: shut}}
        events: {said: {fields: {tone: {kind: with kindness, harsh: in harsh words}}}}
        outcomes: {other: {}}
    """
    assert complaints_at(text) == []
    assert len(complaints_at(text.replace("fully shut", "[fully, shut]"))) == 1
    assert len(complaints_at(text.replace("fully shut", '"{gates}"'))) == 1


@pytest.mark.parametrize(
    "name", ["031_misspelt_rule_keys", "032_section_is_a_list", "024_horizon_too_far", "174_words_for_values"]
)
def test_what_is_built_wrongly_does_not_fit_the_schema(name: str) -> None:
    assert complaints(DATA / "broken" / f"{name}.yaml") != []


def test_every_key_is_described() -> None:
    def undescribed(part: object, path: str) -> list[str]:
        if isinstance(part, list):
            return [line for index, item in enumerate(part) for line in undescribed(item, f"{path}/{index}")]
        if not isinstance(part, dict):
            return []
        named = part.get("properties", {})
        lacking = [f"{path}/{key}" for key, value in named.items() if not value.get("description")]
        return lacking + [line for key, value in part.items() for line in undescribed(value, f"{path}/{key}")]

    assert undescribed(SCHEMA, "") == []
