"""Reading the YAML files that come with the product."""

from pathlib import Path
from typing import Any, TypeAlias

import yaml

Loader: TypeAlias = "type[yaml.SafeLoader | yaml.CSafeLoader]"
LOADER: Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where PyYAML has its library, and as safe."""


def read_yaml(path: Path) -> Any:
    """What a file holds: plain lists, mappings, texts and numbers. Raises OSError and yaml.YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader either way
