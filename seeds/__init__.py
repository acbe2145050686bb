"""Data the project brings along: the reference seeds of dbt and the generator of the sample bank."""
