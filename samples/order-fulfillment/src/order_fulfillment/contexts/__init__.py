"""What each bounded context does: one function per command, forward next to its undo. This folder is yours."""
