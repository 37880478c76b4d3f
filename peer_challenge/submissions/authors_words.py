"""The authors' words in an analysis: restored from what the authors themselves sent."""

import pandas as pd

from peer_challenge.submissions.row_tables import read_text_value


def restore_authors_words(analysis_rows: pd.DataFrame, authors_rows: pd.DataFrame) -> pd.DataFrame:
    """The analysis with the author's columns as the author wrote them; only the commentary is the peers'.

    Both tables have `subheading`. The result has every row of the author, in the author's order, with "" for
    `commentary` where the analysis has none.
    """
    said = {}
    if not analysis_rows.empty:
        said = dict(zip(analysis_rows["subheading"], analysis_rows["commentary"], strict=True))
    restored = authors_rows.copy()
    restored["commentary"] = [read_text_value(said.get(address)) for address in restored["subheading"]]
    return restored
