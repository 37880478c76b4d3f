"""Peer challenge of multi-agency safeguarding arrangements: the domain, without flows, pages or commands."""

__version__ = "0.1.0"
