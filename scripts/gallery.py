"""Make the gallery's pictures from the sample region: `python -m scripts.gallery`.

Wants LibreOffice (with Impress for the presentation) and pdftoppm; a document that LibreOffice can't
open here keeps the picture it has.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.write.render_template import WordTemplates

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "gallery"
PAGE = {
    D.REGIONAL_OVERVIEW: 3,
    D.REGIONAL_OVERVIEW_ANONYMISED: 1,
    D.PRESENTATION: 3,
    D.SELF_ASSESSMENT_TEMPLATE: 3,
}
"""The page to show where it is not the first."""

PICTURED = ("docx", "pptx")
"""The endings of what has pages."""

NOT_PICTURED = (D.FIX_IT_COPY, D.CHALLENGER_DRAFT_SUMMARY)
"""What has pages and no look of its own: the sender's document with comments, and the other area's draft."""
WIDTH = 900


def rendered(into: Path) -> dict[D, Path]:
    """Every dispatch of the sample region that has pages, as a file."""
    templates, files = WordTemplates(), {}
    for kind, row in KINDS.items():
        if row.ending in PICTURED and kind not in NOT_PICTURED:
            files[kind] = into / f"{kind.value}.{row.ending}"
            files[kind].write_bytes(render_dispatch_file(sample_facts(kind), templates))
    return files


def picture(kind: D, file: Path, into: Path) -> bool:
    """Make the picture of one document; returns whether LibreOffice could open it."""
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    convert = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(file.parent),
        str(file),
    ]
    subprocess.run(convert, check=False, capture_output=True, timeout=180)
    pdf, page = file.with_suffix(".pdf"), str(PAGE.get(kind, 1))
    if not pdf.exists():
        return False
    size = ["-scale-to-x", str(WIDTH), "-scale-to-y", "-1"]
    subprocess.run(
        ["pdftoppm", "-png", *size, "-f", page, "-l", page, "-singlefile", str(pdf), str(into / kind.value)],
        check=True,
    )
    slim(into / f"{kind.value}.png")
    return True


def slim(file: Path) -> None:
    """Keep 48 colours of a picture: plenty for print, and half the size."""
    with Image.open(file) as full:
        few = full.convert("RGB").quantize(48, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def main() -> None:
    """Make every picture, saying which."""
    for program in ("soffice", "pdftoppm"):
        if not shutil.which(program):
            sys.exit(
                f"The gallery wants {program}. On Debian: apt install libreoffice-impress-nogui poppler-utils"
            )
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for kind, file in rendered(Path(folder)).items():
            print(kind.value if picture(kind, file, PICTURES) else f"{kind.value}: not opened, picture kept")


if __name__ == "__main__":
    main()
