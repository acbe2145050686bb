"""Who is told what, when: incidents, routes, messages. Nothing here may end a run, whatever goes wrong."""
