"""Kusto queries over your data, with sealed Python in their middle.

The program `wardian` beside this package answers queries; what the sandbox runs lies in the private modules here.
"""

__version__ = "0.1.0"
