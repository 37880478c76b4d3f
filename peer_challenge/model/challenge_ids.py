"""The id of a challenge: that of its cycle and that of the area which is its author."""


def make_challenge_id(cycle_id: str, author_id: str) -> str:
    """The id of the challenge of one author in one cycle."""
    return f"{cycle_id}/{author_id}"


def split_challenge_id(challenge_id: str) -> tuple[str, str]:
    """The ids of the cycle and of the author; the latter is "" in what is no challenge's id."""
    cycle_id, _, author_id = challenge_id.partition("/")
    return cycle_id, author_id


def find_author_id(challenge_id: str | None) -> str:
    """The id of the author; "" where there is no challenge."""
    return split_challenge_id(challenge_id or "")[1]
