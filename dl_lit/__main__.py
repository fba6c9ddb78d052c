"""`python -m dl_lit` is the program."""

from dl_lit.cli.main import main

if __name__ == "__main__":
    main()
