"""What alembic is told of a register, in the tests that bring one from version to version."""

from alembic.config import Config

from peer_challenge.register.database import MIGRATIONS


def make_config(url: str) -> Config:
    """The settings with which `alembic.command` works on the register at this address."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config
