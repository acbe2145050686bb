"""The source contract as data (tables/, mappings/), its model, and whatever is generated from it."""
