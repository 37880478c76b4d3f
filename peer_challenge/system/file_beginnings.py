"""How files of each kind begin: the bytes by which a kind is known, whatever a file is called.

The one table of them. What is done with a file of a kind is decided where it is used.
"""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Files of older Office programs, and messages as Outlook saves them (MS-CFB, 2.2)."""
ZIP = b"PK\x03\x04"
"""A ZIP file with anything in it: a Word document and a workbook are one too."""
PDF = b"%PDF-"
RTF = b"{\\rtf"
TNEF = b"\x78\x9f\x3e\x22"
"""A winmail.dat: what Outlook makes of attachments."""
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
GIF = (b"GIF87a", b"GIF89a")
TIFF = (b"II*\x00", b"MM\x00*")
SHORTCUT = b"L\x00\x00\x00\x01\x14\x02\x00"
"""A link that Windows made (MS-SHLLINK, 2.1)."""
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe")
"""What a computer runs: of Windows, of Linux, a script, of macOS."""
