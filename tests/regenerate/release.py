"""Leaves the project that this version generates, with the edits of an owner: `python -m regenerate.release`.

To be run once for each version that is released. From then on every later generator must regenerate it cleanly.
"""

import gzip
import io
import tarfile
import tempfile
from pathlib import Path

from regenerate.owner import Owner, new_project
from saga_scaffold import __version__

RELEASED = Path(__file__).parent / "released"
EDITS = {
    "src/shop/contexts/inventory.py": (
        "    return StockReserved(",
        "    shelf = command.sku[:3]  # the owner's\n    assert shelf  # the owner's\n    return StockReserved(",
    ),
    "src/shop/contexts/payment.py": ('"""Payment Service', '"""The owner\'s till. Payment Service'),
    "tests/contexts/test_shipping.py": ('"""', '"""The owner\'s. '),
    "README.md": ("# Order fulfillment\n", "# Order fulfillment\n\nThe owner's words.\n"),
    "pyproject.toml": ("dependencies = [\n", 'dependencies = [\n    "orjson>=3",  # the owner\'s\n'),
}
OWN = {"src/shop/shelves.py": '"""The owner\'s shelves."""\n\nSHELVES = ("sku", "abc")\n'}


def main() -> None:
    """Writes the archive; the same version gives the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        owner = new_project(Path(folder) / "shop")
        for path, (old, new) in EDITS.items():
            text = owner.read(path)
            assert old in text, f"{old!r} is not in {path}"
            owner.write(path, text.replace(old, new, 1))
        for path, text in OWN.items():
            owner.write(path, text)
        RELEASED.mkdir(exist_ok=True)
        (RELEASED / f"{__version__}.tar.gz").write_bytes(_packed(owner))


def _packed(owner: Owner) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for path, text in owner.contents().items():
            data = text.encode()
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)


if __name__ == "__main__":
    main()
