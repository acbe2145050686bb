"""Canaries: what needloop/private_interfaces uses of the pipeline's libraries is still as it was.

One file a module. A canary that fails after an upgrade says what is broken until its module follows.
"""
