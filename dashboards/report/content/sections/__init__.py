"""The sections of the report, a module each subject; each builder takes the material and returns a section."""
