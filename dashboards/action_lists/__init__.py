"""Lists for action: the customers whom relationship managers should see to, as files from the published release."""
