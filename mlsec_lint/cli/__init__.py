"""The command line: the only package that prints, ends the program, or imports click."""
