"""A document's text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_WIDTH = 110
_PLAIN = re.compile(r"(?:[A-Za-z0-9_]|-\d)(?:[\w .()=<>!+*/%-]*[\w)])?")


def to_text(document: Mapping[str, Any]) -> str:
    """A document as YAML: one line for what is short, a block for what is long."""
    lines: list[str] = []
    for key, value in document.items():
        lines += [f"{key}: {_flow(value)}"] if isinstance(value, str) else [f"{key}:", *_block(value, "  ")]
    return "\n".join(lines) + "\n"


def _block(value: Any, margin: str) -> list[str]:
    if isinstance(value, list):
        return [f"{margin}- {_flow(item)}" for item in value]
    lines = []
    for key, item in value.items():
        line = f"{margin}{key}: {_flow(item)}"
        short = len(line) <= _WIDTH or isinstance(item, str)
        lines += [line] if short else [f"{margin}{key}:", *_block(item, margin + "  ")]
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value if _PLAIN.fullmatch(value) else f'"{value}"'
