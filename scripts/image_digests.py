"""Name the images of others by their digests too, as the registry that Docker is set up for has them now.

    python -m scripts.image_digests

A version's image may be replaced in its registry; one named by its digest is the one that was looked at. Run
it after changing a version, look at what it changed, and commit that. Wants Docker and a registry to ask.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

COMPOSE = Path(__file__).resolve().parent.parent / "deploy" / "compose"
_IMAGE = re.compile(
    r"^(?P<before>FROM |\s*image: )(?P<image>(?!peer-challenge:)[a-z0-9./-]+:[0-9][\w.-]*)"
    r"(?:@sha256:[0-9a-f]{64})?",
    re.MULTILINE,
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def name_by_digest(text: str, digests: dict[str, str]) -> str:
    """The text of a Dockerfile or compose file with the digest of each image behind its version."""
    return _IMAGE.sub(lambda match: f"{match['before']}{match['image']}@{digests[match['image']]}", text)


def find_images(text: str) -> set[str]:
    """The images of others that a Dockerfile or compose file names, with their versions."""
    return {match["image"] for match in _IMAGE.finditer(text)}


def ask_digest(image: str) -> str:
    """The digest that the registry has for an image. Raises OSError when Docker can't tell it."""
    docker = shutil.which("docker")
    if docker is None:
        raise OSError("Docker is not installed here")
    command = [docker, "buildx", "imagetools", "inspect", image, "--format", "{{.Manifest.Digest}}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode or not _DIGEST.fullmatch(done.stdout.strip()):
        raise OSError(f"Docker does not know {image}: {done.stderr.strip()}")
    return done.stdout.strip()


def main(folder: Path = COMPOSE) -> None:
    """Ask for every digest first, then write both files."""
    files = {
        path: path.read_text(encoding="utf-8") for path in (folder / "compose.yaml", folder / "Dockerfile")
    }
    digests = {image: ask_digest(image) for text in files.values() for image in sorted(find_images(text))}
    for path, text in files.items():
        path.write_text(name_by_digest(text, digests), encoding="utf-8")
    for image, digest in digests.items():
        print(f"{image}  {digest}")


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        print(f"No digest was written: {error}.", file=sys.stderr)
        sys.exit(1)
