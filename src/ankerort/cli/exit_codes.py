"""What a command ends with, beside 0 for success and 1 for a fault of the program."""

EXIT_INPUT = 2  # bad input, nothing was written
EXIT_NOT_TAKEN = 3  # shown only: nobody said yes
EXIT_INTERRUPTED = 130
