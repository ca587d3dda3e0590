"""Hostile input for ``lint``, made by the million: ``python -m tests.fuzz``."""
