"""The table of the office's house styles, which house_styles.py reads and writes."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from peer_challenge.register.table_base import UtcTime, metadata

house_styles = Table(
    "house_styles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("colour", String(6), nullable=False, comment="six hexadecimal digits"),
    Column("heading_font", String(40), nullable=False),
    Column("body_font", String(40), nullable=False),
    Column("programme", Text, nullable=False, comment="the programme's name; empty for none"),
    Column("footer", Text, nullable=False, comment="a line for footers; empty for none"),
    Column("logo", LargeBinary, nullable=False, comment="a PNG that we drew; empty for none"),
    Column("saved_at", UtcTime, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("use_number", Integer, unique=True, comment="counts each taking into use: the highest is in use"),
    Column("used_at", UtcTime, comment="when it was taken into use last"),
    Column("used_by", Text),
)
