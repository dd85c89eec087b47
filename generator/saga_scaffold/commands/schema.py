"""`schema`: what editors need to complete and to check saga.yaml."""

from saga_scaffold import console


def schema() -> None:
    """Print the JSON Schema of saga.yaml.

    Example: saga-scaffold schema > saga.schema.json
    """
    from saga_scaffold.spec.schema import json_schema

    console.document(json_schema())
