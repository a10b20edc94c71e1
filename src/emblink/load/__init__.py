"""Files and frames to a SpaceSet: one reader per format, rows matched by id once."""

from emblink.load._choose import is_own
from emblink.load._frames import as_array
from emblink.load._inspect import ColumnFacts, FileFacts, IdFacts, VectorFacts, inspect_file
from emblink.load._load import load_spaces
from emblink.load._many import default_bundle
from emblink.load._pictures import load_pictures
from emblink.load._python import as_rows, from_arrays
from emblink.load._queries import load_queries, none_for
from emblink.load._sample import sampled
from emblink.load._sizes import sizes
from emblink.load._sources import Source, parse_source
from emblink.load._vectors import OnBad

__all__ = [
    "ColumnFacts",
    "FileFacts",
    "IdFacts",
    "OnBad",
    "Source",
    "VectorFacts",
    "as_array",
    "as_rows",
    "default_bundle",
    "from_arrays",
    "inspect_file",
    "is_own",
    "load_pictures",
    "load_queries",
    "load_spaces",
    "none_for",
    "parse_source",
    "sampled",
    "sizes",
]
