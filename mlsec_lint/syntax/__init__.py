"""Python code as values. The only package that imports libcst; it knows nothing of rules."""
