"""Documents read in a child process, with a limit on work and memory."""
