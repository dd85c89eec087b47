"""One module in three versions: what owners do to Python beyond a line in a function."""

from regenerate.owner import Owner
from saga_scaffold.regenerate.lines import Merged
from saga_scaffold.regenerate.python import merge_python

BASE = '''\
"""What the inventory does."""

from ..messages import ReserveStock, StockReserved
from ..participant import Transaction


async def reserve(command: ReserveStock, tx: Transaction) -> StockReserved:
    """Reserve stock."""
    return StockReserved(sku=command.sku)


async def release(command: ReserveStock, tx: Transaction) -> None:
    """Undo `reserve`."""
'''
NOW = BASE.replace("ReserveStock, StockReserved\n", "ReserveStock, StockBlocked, StockReserved\n").replace(
    "-> StockReserved:", "-> StockReserved | StockBlocked:"
)
IMPORT = "from ..messages import ReserveStock, StockReserved\n"
AROUND_RELEASE = "\n\nasync def release"


def merged(yours: str, now: str = NOW, renames: dict[str, str] | None = None) -> Merged:
    assert yours != BASE
    return merge_python(BASE, yours, now, renames or {}, {})


def test_remarks_at_imports_stay_when_names_are_added() -> None:
    own = (
        "# the words\nfrom ..messages import (  # all\n    ReserveStock,  # what we are asked\n    StockReserved,\n)\n"
    )

    result = merged(BASE.replace(IMPORT, own))

    assert result.conflicts == 0
    assert own.replace("    StockReserved,\n", "    StockReserved,\n    StockBlocked,\n") in result.text


def test_a_remark_behind_an_import_stays_when_names_are_added() -> None:
    result = merged(BASE.replace(IMPORT, IMPORT.strip() + "  # the words\n"))

    assert "from ..messages import ReserveStock, StockBlocked, StockReserved  # the words\n" in result.text


def test_a_remark_about_an_import_stays_when_the_import_goes() -> None:
    now = BASE.replace("from ..participant import Transaction\n", "").replace(", tx: Transaction", "")

    result = merged(BASE.replace("import Transaction\n", "import Transaction  # ours\n"), now)

    assert "import Transaction" not in result.text
    assert "# ours\n" in result.text


def test_a_remark_about_a_name_stays_when_the_name_goes() -> None:
    own = "from ..messages import (\n    ReserveStock,\n    StockReserved,  # what we say\n)\n"
    now = BASE.replace(", StockReserved", "").replace("StockReserved", "ReserveStock")

    result = merged(BASE.replace(IMPORT, own), now)

    assert "from ..messages import (\n    ReserveStock,\n    # what we say\n)\n" in result.text


def test_an_import_of_everything_is_enough() -> None:
    result = merged(BASE.replace(IMPORT, "from ..messages import *\n"))

    assert result.conflicts == 0
    assert "from ..messages import *\n" in result.text
    assert "-> StockReserved | StockBlocked:" in result.text


def test_a_name_that_both_versions_import_stays_although_nothing_uses_it() -> None:
    own = BASE.replace("from ..participant", "from ..messages import StockCounted\nfrom ..participant")

    result = merged(own.replace("return StockReserved(sku=command.sku)", "raise NotFound"))

    assert "import StockCounted" in result.text


def test_statements_between_imports_stay_where_they_are() -> None:
    own = "import sys\n\nsys.path.insert(0, '.')\nfrom ..participant"

    result = merged(BASE.replace("from ..participant", own))

    assert own in result.text


def test_a_name_that_the_owner_has_given_to_something_else_is_a_conflict() -> None:
    own = BASE.replace(AROUND_RELEASE, "\n\ndef hold() -> int:\n    return 1\n" + AROUND_RELEASE)

    result = merged(own, NOW.replace("def reserve(", "def hold("), {"reserve": "hold"})

    assert result.conflicts == 1
    assert "<<<<<<< your code\ndef hold() -> int:" in result.text


def test_renames_reach_quoted_annotations_and_f_strings_but_no_other_text() -> None:
    body = '    print(f"{StockReserved.__name__} {{StockReserved}}", "StockReserved")\n    return'
    own = BASE.replace("-> StockReserved:", '-> "StockReserved":').replace("    return", body, 1)

    result = merged(own, BASE.replace("StockReserved", "StockHeld"), {"StockReserved": "StockHeld"})

    assert 'tx: Transaction) -> "StockHeld":' in result.text
    assert 'print(f"{StockHeld.__name__} {{StockReserved}}", "StockReserved")' in result.text
    assert "import ReserveStock, StockHeld\n" in result.text


def test_a_remark_at_the_end_of_a_function_stays_with_it() -> None:
    remark = "    # what happens next is told elsewhere\n"
    own = BASE.replace(AROUND_RELEASE, "\n" + AROUND_RELEASE).replace("command.sku)\n", "command.sku)\n" + remark)
    new = "\n\nasync def count() -> None:\n    print()\n"

    result = merged(own, NOW.replace(AROUND_RELEASE, new + AROUND_RELEASE))

    assert result.text.index(remark) < result.text.index("async def count()")


def test_form_feeds_and_line_separators_end_no_line() -> None:
    line = "    shelf = 'a\u2028b\x0cc'  # mine\n"
    own = BASE.replace(AROUND_RELEASE, "\n\n\x0c" + AROUND_RELEASE).replace("    return", line + "    return")

    result = merged(own)

    assert result.conflicts == 0
    assert line + "    return StockReserved(sku=command.sku)\n" in result.text
    assert "\x0c\n\nasync def release" in result.text


def test_lines_of_windows_are_no_change_and_stay(owner: Owner) -> None:
    project, handlers = owner.project, owner.project / "src/shop/contexts/inventory.py"
    for file in (file for file in project.rglob("*") if file.is_file()):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    own = handlers.read_bytes().replace(b"    return StockReserved", b"    mine = 1\r\n    return StockReserved")
    handlers.write_bytes(own)
    assert owner.verdicts(owner.prepared()) == {"src/shop/contexts/inventory.py": "kept"}
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")

    verdicts = owner.verdicts(owner.regenerate())

    assert (verdicts["src/shop/contexts/inventory.py"], verdicts["README.md"]) == ("merged", "updated")
    for name in ("src/shop/contexts/inventory.py", "README.md"):
        text = (project / name).read_bytes()
        assert text.count(b"\r\n") == text.count(b"\n") > 0, name
    assert b"    mine = 1\r\n    return StockReserved" in handlers.read_bytes()
    assert b"StockReserved | StockNotReserved | StockBlocked" in handlers.read_bytes()


def test_a_byte_order_mark_stays(owner: Owner) -> None:
    owner.change("src/shop/contexts/inventory.py", '"""Inventory', '\ufeff"""Our inventory')
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")

    prepared = owner.regenerate()

    assert prepared.conflicts == 0
    assert owner.read("src/shop/contexts/inventory.py").startswith('\ufeff"""Our inventory')
    assert "| StockBlocked:" in owner.read("src/shop/contexts/inventory.py")
