"""Sphinx's settings for the site; ``scripts/site`` stages its sources and calls it."""

from __future__ import annotations

import os
import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util.inspect import TypeAliasForwardRef

from emblink import __version__

project = "Emblink"
version = release = __version__
author = "the Emblink developers"
html_title = f"Emblink {__version__}"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["docs/conf.py", "tests"]
suppress_warnings = ["myst.strikethrough", "ref.python"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
nb_execution_mode = os.environ.get("EMBLINK_NOTEBOOKS", "force")
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_ipywidgets_js = {}  # nothing is fetched: the site is read from a disk too

napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
autodoc_typehints = "signature"
autodoc_type_aliases = {name: name for name in ("AnyArray", "FloatArray", "IntArray", "Rows")}
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
python_use_unqualified_type_names = True

html_math_renderer = "mathml"
html_theme = "furo"
html_static_path = ["../_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": False}


def _formula(translator: Any, node: nodes.Element) -> None:
    """Write a formula as MathML, which browsers draw by themselves: MathJax would be fetched."""
    tex = re.sub(r"\\[Bb]igg?(?![A-Za-z])", "", node.astext())  # MathML sizes by itself
    translator.body.append(tex2mathml(tex, as_block=isinstance(node, nodes.math_block)))
    raise nodes.SkipNode


def _signature(*given: Any) -> tuple[str | None, str | None]:
    """Write defaults as Python: one that is not makes Sphinx show all of a signature raw."""
    arguments, returned = given[-2:]
    if arguments is not None:
        arguments = re.sub(r"<function ([\w.]+)>", r"\1", arguments).replace("<factory>", "...")
    return arguments, returned


def setup(app: Any) -> None:
    """Draw formulas without a script, and name types of arrays by their aliases."""
    TypeAliasForwardRef.__repr__ = lambda self: self.name
    app.connect("autodoc-process-signature", _signature)
    app.add_html_math_renderer("mathml", (_formula, None), (_formula, None))
