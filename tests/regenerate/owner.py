"""A project and its owner, who changes the saga and the code, and regenerates."""

from dataclasses import dataclass
from pathlib import Path

from saga_scaffold.build import project_tree
from saga_scaffold.console import Progress
from saga_scaffold.project.publish import publish
from saga_scaffold.regenerate.journal import Step
from saga_scaffold.regenerate.regenerate import Prepared, look, prepare, write
from saga_scaffold.spec.load import load_spec

SAGA = """\
saga: order-fulfillment
package: shop
title: Order fulfillment
summary: Reserve stock, take the payment, send the parcel.
input: {order_id: string, sku: string, amount: decimal}
contexts:
  inventory: {title: Inventory Service}
  payment: {title: Payment Service}
  shipping: {title: Shipping Service}
steps:
  - id: reserve-stock
    context: inventory
    command: ReserveStock
    takes: [order_id, sku]
    success: StockReserved
    gives: {reservation_id: string}
    failure: StockNotReserved
    undo: {command: ReleaseStock, takes: [reservation_id], success: StockReleased}
  - id: take-payment
    context: payment
    command: TakePayment
    takes: [order_id, amount]
    success: PaymentTaken
    gives: {payment_id: string}
    failure: PaymentDeclined
    undo: {command: RefundPayment, takes: [payment_id], success: PaymentRefunded}
  - id: send-parcel
    context: shipping
    command: SendParcel
    takes: [order_id]
    success: ParcelSent
    failure: ParcelNotSent
    undo: {command: RecallParcel, takes: [order_id], success: ParcelRecalled}
"""
HANDLERS = "src/shop/contexts/inventory.py"
CODE = "    return StockReserved("
QUIET = Progress(quiet=True)


@dataclass(frozen=True)
class Owner:
    """What an owner does with a project."""

    project: Path

    def read(self, path: str) -> str:
        return (self.project / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> "Owner":
        (self.project / path).parent.mkdir(parents=True, exist_ok=True)
        (self.project / path).write_text(text, encoding="utf-8")
        return self

    def change(self, path: str, old: str, new: str) -> "Owner":
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}"
        return self.write(path, text.replace(old, new))

    def prepared(self, drop: int | None = None) -> Prepared:
        """Everything up to the writing."""
        situation = look(self.project, drop)
        known = situation.baseline.formatted
        tree = project_tree(situation.spec, QUIET, situation.version, situation.history, known)
        return prepare(situation, tree)

    def regenerate(self, step: Step = lambda told: None) -> Prepared:
        prepared = self.prepared()
        write(prepared, step)
        return prepared

    def verdicts(self, prepared: Prepared) -> dict[str, str]:
        """What happened to each file that did not stay as it was."""
        return {str(row.path): row.verdict.value for row in prepared.rows if row.verdict.value != "unchanged"}

    def contents(self) -> dict[str, str]:
        """Every file with its text."""
        files = (path for path in sorted(self.project.rglob("*")) if path.is_file())
        return {str(path.relative_to(self.project)): path.read_text(encoding="utf-8") for path in files}


def new_project(directory: Path) -> Owner:
    """A fresh project of `SAGA`."""
    publish(project_tree(load_spec(SAGA, "saga.yaml"), QUIET), directory)
    return Owner(directory)
