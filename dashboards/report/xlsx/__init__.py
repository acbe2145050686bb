"""The report as a workbook: a sheet a section, real numbers, native charts, and where each number comes from."""
