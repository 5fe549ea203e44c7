"""Packages that can be called: `negsim.load` is a package, and also the function that it is named for.

Python binds a package's name in its parent as soon as it is imported; without this, the function of the
same name would be there or not, depending on what was imported before.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def make_callable(package: str, home: str) -> None:
    """Has a call of a package be a call of the function of its name, which lives in the module `home`."""
    name = package.rpartition(".")[2]

    class Door(ModuleType):
        """The package; a call of it is a call of the function."""

        def __call__(self, *args: Any, **options: Any) -> Any:
            """What the function gives."""
            return getattr(import_module(home), name)(*args, **options)

    sys.modules[package].__class__ = Door
