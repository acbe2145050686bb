"""How the warehouse's own tables came to be: the steps that Alembic takes when a warehouse is an older one."""
