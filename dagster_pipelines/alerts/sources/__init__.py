"""Sources of incidents: each module inspects one thing and reports its problems and what is healthy."""
