"""The architects: from prose to a saga, by rules or with a model; prompts, and how both are evaluated."""
