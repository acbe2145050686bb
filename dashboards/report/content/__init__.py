"""What the report says: data objects and their builders, which read a release. Nothing here knows a file format."""
