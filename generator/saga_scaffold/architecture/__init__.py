"""The architecture document: Markdown to spec, and spec to Markdown."""
