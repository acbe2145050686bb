"""Incidents, routes and notifications. An error in alerting never fails a run."""
