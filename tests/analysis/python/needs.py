"""Ends a test as skipped where a package of Python is not installed."""

import importlib
import sys


def need(*modules):
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError as missing:
            print(f"skipped: {missing}")
            sys.exit(77)
