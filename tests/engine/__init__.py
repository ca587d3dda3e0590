"""Tests that need a running Docker engine."""
