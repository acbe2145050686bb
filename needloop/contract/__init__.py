"""The source contract as data (tables/, mappings/), its model, and everything generated from it."""
