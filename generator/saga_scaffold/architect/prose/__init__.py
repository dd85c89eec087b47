"""Workflows in plain English, read by rules: layout, sentences, actions, then what is said about each step."""
