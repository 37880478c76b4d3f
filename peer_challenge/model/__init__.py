"""The words and rules of a peer challenge, without files or database."""
