"""Fields where they are declared: their names, types and suppliers."""

from collections.abc import Iterator

from saga_scaffold.errors import Finding
from saga_scaffold.spec import naming, reserved
from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.fields import INPUT, suppliers
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.rules.wording import cut

_KEYS = {"string", "integer", "uuid"}


def fields_are_snake(spec: SagaSpec) -> Iterator[Finding]:
    """A field is an attribute of a message."""
    for supplier, name, _ in suppliers(spec):
        path = _path(supplier, name)
        if not naming.SNAKE.fullmatch(name) or len(name) > naming.LONGEST:
            better = naming.snake(name)[: naming.LONGEST].strip("_")
            hint = f"write `{better}`" if naming.SNAKE.fullmatch(better) else "write lower-case words, like order_id"
            yield Finding("field", path, f"the field `{cut(name)}` is not in snake_case", hint)
        elif name in reserved.FIELDS:
            problem = f"the field `{name}` is called like something of Python or of the project"
            yield Finding("field", path, problem, f"add a word that says more, like order_{name}")


def types_are_understood(spec: SagaSpec) -> Iterator[Finding]:
    """A field has one of the types that JSON, Python and the database agree on."""
    for supplier, name, type_ in suppliers(spec):
        try:
            parse_type(type_)
        except ValueError as error:
            problem = f"the field `{cut(name)}` has the type `{cut(type_)}`, which is not understood"
            yield Finding("type", _path(supplier, name), problem, str(error))


def fields_have_one_supplier(spec: SagaSpec) -> Iterator[Finding]:
    """A value that two steps give would be that of the one which answered last."""
    first: dict[str, str] = {}
    for supplier, name, _ in suppliers(spec):
        other = first.setdefault(name, supplier)
        if other != supplier:
            problem = f"the field `{cut(name)}` is supplied by {_shown(other)} and by {_shown(supplier)}"
            hint = f"give it a name of its own, like {naming.snake(supplier)}_{name}"
            yield Finding("supplier", _path(supplier, name), problem, hint)


def the_business_key_is_plain(spec: SagaSpec) -> Iterator[Finding]:
    """The first field of the input is shown, searched, and keys domain events."""
    if not spec.input:
        problem = "the saga has no input, so that nothing tells two of them apart"
        yield Finding("input", "input", problem, "add the business key first, like order_id: string")
        return
    key = spec.business_key
    declared = _declared(spec.input[key])
    if declared and (declared.many or declared.optional or declared.scalar not in _KEYS):
        problem = f"the first field of the input, `{cut(key)}`, is the business key and cannot be of type {declared}"
        yield Finding("input", f"input.{key}", problem, "put a field of type string, integer or uuid first")


def _declared(type_: str) -> FieldType | None:
    try:
        return parse_type(type_)
    except ValueError:
        return None


def _path(supplier: str, name: str) -> str:
    return f"input.{name}" if supplier == INPUT else f"steps.{supplier}.gives.{name}"


def _shown(supplier: str) -> str:
    return "the input" if supplier == INPUT else f"`{cut(supplier)}`"
