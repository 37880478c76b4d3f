"""The kinds of submission, one module each: columns, checks, and what acceptance causes.

Nothing is imported here, so that the process that checks can be started before anything is loaded. The suites
take seconds to load: suite_of_each_kind.py names them, and run_checks.py runs them.
"""
