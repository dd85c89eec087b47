"""`samples`: what one can start from."""

from saga_scaffold import console
from saga_scaffold.commands import options


def samples(as_json: options.Json = False) -> None:
    """List the samples that `new --sample NAME` starts from.

    Example: saga-scaffold samples
    """
    from saga_scaffold.samples import samples

    found = samples()
    if as_json:
        listed = [{"name": one.name, "summary": one.summary, "steps": len(one.spec.steps)} for one in found]
        console.document({"version": 1, "kind": "samples", "samples": listed})
        return
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        console.data(f"{one.name:<{width}}  {one.summary}")
