"""What each expression may be: names, constants and origins, found in one abstract evaluation of the live code.

Here syntax meets the catalogue's facts; rules come later, in `match`.
"""
