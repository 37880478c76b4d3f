"""`python -m cli`: the same as `peer-challenge`."""

from cli.main import main

main()
