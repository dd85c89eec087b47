"""What all parts of the spec are: frozen values that refuse keys they do not know."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen; a key that is not in the model is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
