"""One numbered module per migration. Never change a migration that a bank may have run; add another."""
