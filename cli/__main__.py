"""`python -m cli`: the same as `peer-challenge`."""

from cli.main import main

if __name__ == "__main__":
    main()
