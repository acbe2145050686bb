"""The report as slides: native, editable charts and tables, one message a slide, row ids in the notes."""
