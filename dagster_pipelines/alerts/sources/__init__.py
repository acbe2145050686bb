"""What incidents are made of: each module looks at one thing and says what is wrong with it and what is well."""
