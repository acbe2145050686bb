"""The report as a typeset PDF: a Typst template, fed with the content as data."""
