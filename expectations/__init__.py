"""Quality checks with Great Expectations: suites by source system and by mart, and their runner."""
