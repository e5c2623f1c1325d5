"""The loader of templates: the six that come with Coplan, and those that people upload.

What is read of a file at all is in ``tree``.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from bot.domain.planning.template import Template
from bot.templates import limits
from bot.templates.document import read_template, write_template
from bot.templates.reading import Reader
from bot.templates.tree import Bounds, read_tree, refused, report

_ORDER = (
    "nine-step",
    "handy-5",
    "coplan-coteach-coassess",
    "data-driven",
    "study-group",
    "short-form",
)
_BOUNDS = Bounds(
    kind="template",
    file_bytes=limits.FILE_BYTES,
    depth=limits.DEPTH,
    nodes=limits.NODES,
    remedy="Correct it and upload the file again. Nothing was changed.",
)


@cache
def builtin() -> Mapping[str, Template]:
    """Return the templates that come with Coplan by key, the default first."""
    folder = resources.files("bot.templates")
    parsed = (parse((folder / f"{key}.yaml").read_bytes(), name=f"{key}.yaml") for key in _ORDER)
    return MappingProxyType({template.key: template for template in parsed})


def parse(data: bytes, name: str) -> Template:
    """Return the template in an uploaded file called ``name``.

    Raises ``InvalidInput`` with file, line, key and reason of up to three mistakes.
    """
    tree, lines = read_tree(data, name, _BOUNDS)
    reader = Reader(tree)
    template = read_template(reader)
    if reader.faults:
        raise refused(report(name, lines, reader.faults), _BOUNDS)
    return template


def render(template: Template) -> str:
    """Return the template as YAML that a person would like to edit; ``parse`` gives it back."""
    return yaml.dump(
        write_template(template),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=96,
        indent=2,
    )


class _Dumper(yaml.SafeDumper):
    """Writes lists indented below their key, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's own signature
        super().increase_indent(flow, indentless=False)
