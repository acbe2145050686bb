"""From generated tables to files: the folder, the clean delivery and the hostile one."""
