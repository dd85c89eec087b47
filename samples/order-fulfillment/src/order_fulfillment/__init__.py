"""Order fulfillment, step by step."""
