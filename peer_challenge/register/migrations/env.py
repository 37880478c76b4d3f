"""How Alembic reaches the register."""

import sqlalchemy as sa
from alembic import context

from peer_challenge.register.tables import metadata

engine = sa.create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
