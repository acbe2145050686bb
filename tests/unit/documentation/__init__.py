"""The Markdown pages of the repository."""
