"""What Python raises over a ZIP file that is damaged, encrypted or not one."""

import struct
import zipfile
import zlib

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,  # a password is wanted; as NotImplementedError, a way of packing that Python does not know
    KeyError,
    ValueError,
)
"""The errors of opening an archive and of unpacking a part. OSError is none: that is the disk's."""
