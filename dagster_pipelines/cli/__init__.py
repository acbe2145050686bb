"""The command line `needloop`: one file a command; commands call the pipeline and hold no logic of their own."""
