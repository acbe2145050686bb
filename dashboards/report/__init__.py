"""The quarterly needs-closure effectiveness report, made from the published release and nothing else."""
