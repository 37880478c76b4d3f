"""What runs, when and in which order: thin Prefect flows."""
