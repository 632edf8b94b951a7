"""Inputs that try to crash, blind, stall or turn a linter against its user, each a small entry; nothing big is kept."""
