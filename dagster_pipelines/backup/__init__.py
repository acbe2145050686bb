"""Copies of what cannot be made again from the landing zone, and the way back from them."""
