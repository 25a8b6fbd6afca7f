"""`python -m good_offices` is the command `goodoffices`."""

from good_offices.cli.main import main

if __name__ == "__main__":
    main()
