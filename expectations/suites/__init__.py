"""The suites: one file a source system, one for the marts, and how they are put together."""
