"""Peer challenge of multi-agency safeguarding arrangements: what is true, whoever runs it."""

__version__ = "0.1.0"
