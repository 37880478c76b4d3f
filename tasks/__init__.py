"""How a step runs: thin Prefect tasks at the boundaries."""
