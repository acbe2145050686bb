"""Tests of several parts together, on real DuckDB files."""
