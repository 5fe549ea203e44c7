"""The JSON Schema of the language, made from the shapes that the loader checks."""

from __future__ import annotations

from typing import Any

import attrs

from negsim.language.keys import INCLUDED, ROOT
from negsim.language.shape import (
    AnyNumber,
    ByForm,
    Flag,
    FormulaShape,
    Later,
    ListOf,
    MapOf,
    PartOf,
    Record,
    Shape,
    Text,
    Value,
    WholeNumber,
    Word,
)
from negsim.language.tongues import TAG

_SCALAR = ["string", "number", "boolean"]


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a scenario's root file, and of a file that it includes.

    It says what can stand where; names, types and what goes with what are for `validate`.
    """
    found = _record(ROOT)
    head = [name for name in ROOT.parts if name not in INCLUDED.parts]
    required = found.pop("required")
    whole = {"required": [name for name in required if name in head]}
    outcomes = {"anyOf": [{"required": ["outcomes"]}, {"required": ["include"]}]}
    part = {"not": {"anyOf": [{"required": [name]} for name in head]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A negsim scenario",
        **found,
        "type": "object",
        "anyOf": [whole | {"allOf": [outcomes]}, part],
    }


def _of(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text(spoken=True):
            form = _of(attrs.evolve(shape, spoken=False))
            tag = {"pattern": f"^{TAG}$"}
            spoken = {"type": "object", "propertyNames": tag, "additionalProperties": form, "minProperties": 1}
            return {"anyOf": [form, spoken]}
        case Text(pattern=pattern):
            form = {"type": ["string", "number"]} if pattern is None else {"type": "string", "pattern": f"^{pattern}$"}
            return form | {"maxLength": shape.longest}
        case Word(words=words):
            return {"enum": list(words)}
        case WholeNumber(low=low, high=high):
            return {"const": low} if low == high else {"type": "integer", "minimum": low, "maximum": high}
        case AnyNumber():
            return {"type": "number"}
        case Flag():
            return {"type": "boolean"}
        case Value() | FormulaShape():
            return {"type": _SCALAR}
        case ListOf(item=item, least=least):
            return {"type": "array", "items": _of(item), "minItems": least}
        case MapOf(item=item):
            return {"type": ["object", "null"], "additionalProperties": _of(item)}
        case Record():
            return _record(shape)
        case ByForm():
            forms = [form for form in (shape.scalar, shape.listed, shape.keyed) if form is not None]
            return {"anyOf": [_of(form) for form in forms]} if len(forms) > 1 else _of(forms[0])
        case Later(shapes=shapes):
            return {"anyOf": [_of(each) for each in shapes]}


def _record(shape: Record) -> dict[str, Any]:
    required = [name for name, part in shape.parts.items() if part.required]
    others: dict[str, Any] | bool = False if shape.others is None else _of(shape.others)
    found: dict[str, Any] = {
        "type": "object" if required else ["object", "null"],
        "properties": {name: _described(part) for name, part in shape.parts.items()},
        "additionalProperties": others,
    }
    return found | {"required": required} if required else found


def _described(part: PartOf) -> dict[str, Any]:
    return {"description": part.about, **_of(part.shape)}
