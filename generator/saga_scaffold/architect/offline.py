"""The architect without a model: rules that read English. What the text does not state is assumed, and marked."""

from saga_scaffold.architect.prose.normal import LONGEST
from saga_scaffold.architect.prose.read import read_prose
from saga_scaffold.architecture.complete import Completed, complete
from saga_scaffold.errors import Place, ScaffoldError

LOOKED_FOR = (
    "looked for a table with a column of actions, a numbered or bulleted list, a chain of arrows, and sentences "
    "like `the Inventory Service reserves the stock` or `the payment is taken`"
)


def design(text: str, package: str, file: str = "<workflow>") -> Completed:
    """The saga that a workflow in prose describes; a `ScaffoldError` where the text tells no steps."""
    draft = read_prose(text)
    if not draft.steps:
        raise ScaffoldError(
            "no steps found in the workflow",
            f"{LOOKED_FOR}; write two steps or more, as in "
            "`1. Reserve stock (Inventory Service), 2. Process payment (Payment Service)`",
            place=Place(file),
        )
    return complete(draft, package, file)


__all__ = ["LONGEST", "design", "read_prose"]
