"""A number is read as Excel shows it; a format that we do not apply is said to be one."""

import pytest

from peer_challenge.cycle_file.number_formats import UnknownFormat, format_value

ACCOUNTING = '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-'


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.21, "0%", "21%"),
        (0.194, "0.0%", "19.4%"),
        (-0.05, "0.0%;-0.0%", "-5.0%"),
        (19.4382736, "0.0", "19.4"),
        (2.5, "0", "3"),
        (1234.5, "#,##0", "1,235"),
        (1234567, "#,##0", "1,234,567"),
        (0, "#,##0", "0"),
        (12.5, "0.##", "12.5"),
        (-3, "0;(0)", "(3)"),
        (0, '0;-0;"-"', "-"),
        (-5, "0.00_);[Red]\\(0.00\\)", "(5.00)"),
        (-1234.5, ACCOUNTING, "-1,234.50"),
        (0, ACCOUNTING, "-"),
        ("text", ACCOUNTING, "text"),
        (1200.5, "[$£-809]#,##0.00", "£1,200.50"),
        (1632960100, "00000000000", "01632960100"),
        (7700900123, "00000\\ 000000", "07700 900123"),
        (1632960100, "0#### ######", "01632 960100"),
        (1632960100, "(00000) 000000", "(01632) 960100"),
        (441632960101, '"+"00 0000 000000', "+44 1632 960101"),
        (1, '"Area "0', "Area 1"),
        (20, 'General" areas"', "20 areas"),
        ("Southern", '@" Police"', "Southern Police"),
        (0.1 + 0.2, "General", "0.3"),
        (447700900123.0, "@", "447700900123"),
        ("text", ";;;", ""),
        ("text", ";;;@", "text"),
    ],
)
def test_a_value_is_what_its_cell_shows(value: str | float, code: str, shown: str) -> None:
    assert format_value(value, code) == shown


@pytest.mark.parametrize("code", ['0.0,"k"', "# ?/?", "0.00E+00", "d-mmm", "[>100]0;0.0"])
def test_a_format_that_is_not_applied_is_said_to_be_one(code: str) -> None:
    with pytest.raises(UnknownFormat):
        format_value(1250, code)
