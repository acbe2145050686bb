"""Charts of the content model as vector pictures, for the forms that have no charts of their own (HTML, PDF)."""
