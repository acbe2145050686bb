"""The job's assets, from the landing zone to the report, and the asset checks between them."""
