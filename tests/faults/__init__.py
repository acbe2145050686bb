"""Which injected faults the quality checks catch: a bank of daily deliveries, a catalogue of faults, a table."""
