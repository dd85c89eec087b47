"""What a generated module calls its own is a name that no saga can give to a message, a handler or a context."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from project.projects import tree_of
from project.sagas import EITHER_OR, PARALLEL
from saga_scaffold.project.tree import Tree
from saga_scaffold.spec import naming, reserved


@pytest.fixture(scope="module", params=[PARALLEL, EITHER_OR], ids=["parallel", "either or"])
def project(request: pytest.FixtureRequest) -> Tree:
    return tree_of(request.param)


def test_no_message_can_hide_a_name_of_a_module_that_speaks_of_messages(project: Tree) -> None:
    messages = {name for path, tree in modules(project) if path.name == "messages.py" for name in classes(tree)}

    spoken = [tree for path, tree in modules(project) if messages & (set(imported(tree)) | set(classes(tree)))]
    names = {name for tree in spoken for name in called(tree)} - messages

    assert len(spoken) > 5
    assert [name for name in sorted(names) if naming.PASCAL.fullmatch(name) and not reserved.is_message(name)] == []


def test_no_context_can_hide_a_name_of_a_module_that_speaks_of_contexts(project: Tree) -> None:
    contexts = {path.stem for path in project if path.parent.name == "contexts" and path.parts[0] == "src"}

    spoken = [tree for _, tree in modules(project) if contexts & set(imported(tree))]
    names = {name for tree in spoken for name in called(tree)} - contexts

    assert len(spoken) > len(contexts) - 1
    assert [name for name in sorted(names) if naming.SNAKE.fullmatch(name) and is_context(name)] == []


def test_no_context_has_tests_that_are_called_like_those_of_the_project(project: Tree) -> None:
    own = [path.stem.removeprefix("test_") for path in project if path.match("tests/test_*.py")]

    assert len(own) > 3
    assert [name for name in own if is_context(name)] == []


def is_context(module: str) -> bool:
    """Whether a context could have this module; names of tests are long enough to be nobody else's."""
    return module.replace("_", "-") not in reserved.CONTEXTS and not module.startswith("test_")


def modules(project: Tree) -> Iterator[tuple[PurePosixPath, ast.Module]]:
    return ((path, ast.parse(text)) for path, text in project.items() if path.suffix == ".py")


def classes(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def imported(tree: ast.Module) -> list[str]:
    return [one.asname or one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names]


def called(tree: ast.Module) -> Iterator[str]:
    """Every name that the module reads, writes, defines or imports."""
    yield from imported(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
