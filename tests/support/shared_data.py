"""The platforms' own descriptions, where the shared data lies beside the project."""

from pathlib import Path
from typing import Final

import pytest
from _pytest.mark import ParameterSet

PLATFORM: Final = Path(__file__).parents[3] / "shared" / "data" / "platform"
needs_descriptions = pytest.mark.skipif(
    not PLATFORM.exists(), reason="The data folder is missing: ../shared/data/platform"
)


def described(*values: object) -> ParameterSet:
    """Return a case that a platform's description alone tells of."""
    return pytest.param(*values, marks=needs_descriptions)
