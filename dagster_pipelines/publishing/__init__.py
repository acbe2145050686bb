"""Publishing: immutable releases of the marts, the symlink that readers follow, and what is said about them."""
