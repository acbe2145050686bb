"""One module a step, named by its number. A step that a bank may have taken is never changed again; add another one."""
