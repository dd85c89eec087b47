"""What a document of any form says about a saga: from labels, tables, lists, blocks and sentences to a draft."""
