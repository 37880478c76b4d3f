"""The office's house styles: colour, fonts, logo, the programme's name and a line for footers."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0016 to 0017; everything looks as shipped until the office says otherwise."""
    op.create_table(
        "house_styles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=6), nullable=False, comment="six hexadecimal digits"),
        sa.Column("heading_font", sa.String(length=40), nullable=False),
        sa.Column("body_font", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False, comment="the programme's name; empty for none"),
        sa.Column("footer", sa.Text(), nullable=False, comment="a line for footers; empty for none"),
        sa.Column("logo", sa.LargeBinary(), nullable=False, comment="a PNG that we drew; empty for none"),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column(
            "use_number",
            sa.Integer(),
            nullable=True,
            comment="counts each taking into use: the highest is in use",
        ),
        sa.Column("used_at", sa.DateTime(), nullable=True, comment="when it was taken into use last"),
        sa.Column("used_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_styles")),
        sa.UniqueConstraint("use_number", name=op.f("uq_house_styles_use_number")),
    )


def downgrade() -> None:
    """Take the register back to 0016; house styles are lost."""
    op.drop_table("house_styles")
