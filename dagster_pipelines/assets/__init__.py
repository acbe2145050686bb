"""The assets of the job, from the landing zone to the report, and the checks between them."""
