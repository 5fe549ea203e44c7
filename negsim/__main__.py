"""`python -m negsim`."""

from negsim.cli import main

if __name__ == "__main__":
    main(prog_name="negsim")
