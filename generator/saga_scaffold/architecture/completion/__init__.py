"""From what a text states to a whole saga: names, contexts, undos, fields, order, policy."""
