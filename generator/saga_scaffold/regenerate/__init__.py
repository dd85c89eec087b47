"""Regeneration: what changed in the saga, merged with what its owner has written since; nothing of theirs is lost."""
