"""The audit log of sign-ins and exports, written by the dashboards and `needloop export`."""
