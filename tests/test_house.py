"""No class, function or module is larger than the house allows; half of the modules fit on a page or two."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from operator import itemgetter
from pathlib import Path
from statistics import median

import pytest

import negsim

What = tuple[str, str]  # a module, class or function, and what is measured of it
Size = tuple[What, int]

ROOT = Path(negsim.__file__).parent
MOST = {"lines of a class": 200, "methods of a class": 20, "lines of a function": 40, "lines of a module": 300}
MEDIAN_MODULE = 150

# What is larger for now, with its size: it may shrink but not grow. Take out what has become small enough.
LARGER = {
    ("exact/symmetry/footprint.py", "lines of a module"): 327,
    ("program/facts.py", "lines of a module"): 352,
}


def measures(name: str, text: str) -> Iterator[Size]:
    """((what, measure), size) of a module, its classes and its functions, those inside others too."""
    yield (name, "lines of a module"), len(text.splitlines())
    yield from within(ast.parse(text), f"{name} ")


def within(node: ast.AST, name: str) -> Iterator[Size]:
    for item in ast.iter_child_nodes(node):
        match item:
            case ast.ClassDef():
                methods = [each for each in item.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
                yield (name + item.name, "lines of a class"), lines(item)
                yield (name + item.name, "methods of a class"), len(methods)
                yield from within(item, f"{name}{item.name}.")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield (name + item.name, "lines of a function"), lines(item)
                yield from within(item, f"{name}{item.name}.")
            case _:
                yield from within(item, name)


def lines(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `class` or `def` to the last line, docstring included; decorators are not."""
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def house() -> Iterator[Size]:
    for path in sorted(ROOT.rglob("*.py")):
        yield from measures(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def complaints(sizes: Iterable[Size], larger: Mapping[What, int]) -> Iterator[str]:
    """What is too large; what has grown; what is excused for nothing."""
    known = dict(sorted(sizes, key=itemgetter(1)))  # of two with one name the larger
    for (what, measure), size in known.items():
        most = larger.get((what, measure), MOST[measure])
        if size > most:
            yield f"{what} has {size} {measure}: {most} at most"
    for what, measure in larger:
        if known.get((what, measure), 0) <= MOST[measure]:
            yield f"{what} is small enough now: take ({what!r}, {measure!r}) out of LARGER in tests/test_house.py"


def test_nothing_is_larger_than_the_house_allows() -> None:
    found = "\n".join(complaints(house(), LARGER))
    assert not found, found


def test_half_of_the_modules_have_150_lines_at_the_most() -> None:
    assert median(size for (_, measure), size in house() if measure == "lines of a module") <= MEDIAN_MODULE


TEXT = '''\
class Book:
    """Two methods, six lines."""
    @property
    def title(self): ...
    def shut(self):
        def inside(): ...
if True:
    async def read(book):
        """Three lines with this one."""
        return book
'''


def test_sizes_are_counted_from_the_first_line_to_the_last() -> None:
    assert dict(measures("shelf.py", TEXT)) == {
        ("shelf.py", "lines of a module"): 10,
        ("shelf.py Book", "lines of a class"): 6,
        ("shelf.py Book", "methods of a class"): 2,
        ("shelf.py Book.title", "lines of a function"): 1,
        ("shelf.py Book.shut", "lines of a function"): 2,
        ("shelf.py Book.shut.inside", "lines of a function"): 1,
        ("shelf.py read", "lines of a function"): 3,
    }


@pytest.mark.parametrize(
    ("size", "larger", "said"),
    [
        (40, None, []),
        (41, None, ["a.py f has 41 lines of a function: 40 at most"]),
        (41, 50, []),
        (51, 50, ["a.py f has 51 lines of a function: 50 at most"]),
        (
            40,
            50,
            ["a.py f is small enough now: take ('a.py f', 'lines of a function') out of LARGER in tests/test_house.py"],
        ),
    ],
)
def test_what_is_larger_may_shrink_but_not_grow(size: int, larger: int | None, said: list[str]) -> None:
    what = ("a.py f", "lines of a function")
    assert [*complaints([(what, size)], {} if larger is None else {what: larger})] == said


def test_no_module_hides_a_public_name_of_its_room() -> None:
    """Once a module is imported, its name stands in its package: in the place of a function that is fetched late."""
    for init in ROOT.rglob("__init__.py"):
        room = ".".join(("negsim", *init.parent.relative_to(ROOT).parts))
        modules = {
            path.stem for path in init.parent.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
        }
        hidden = modules & set(getattr(import_module(room), "__all__", ()))
        assert not hidden, f"{room} has modules with the names of its functions: {hidden}"
