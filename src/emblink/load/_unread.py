"""What Emblink does not read: a way out for each ending."""

from __future__ import annotations

import re
from pathlib import Path

from emblink.errors import ReadError

_PYTHON = 'import emblink as eb; eb.compare({"old": X, "new": Y})'
_TORCH = (
    "np.save('vectors.npy', torch.load({name!r}, map_location='cpu').float().numpy()), for a "
    "dictionary of tensors torch.load({name!r})[KEY]"
)
_PICKLE = "Emblink never unpickles; where you trust it: np.save('vectors.npy', np.asarray({load}))"
_FAISS = (
    "index = faiss.read_index({name!r}); "
    "np.save('vectors.npy', index.reconstruct_n(0, index.ntotal)), and --ids for its ids"
)
_SQLITE = (
    "df = pandas.read_sql('SELECT id, embedding FROM TABLE', sqlite3.connect({name!r})), then "
    "df.embedding = [np.frombuffer(v, 'float32') for v in df.embedding] where they are bytes, and "
    "df.to_parquet('vectors.parquet')"
)
_SHEET = "pandas.read_excel({name!r}).to_parquet('vectors.parquet')"
_HDF = "np.save('vectors.npy', h5py.File({name!r})[KEY][:])"
_ZARR = (
    "np.save('vectors.npy', zarr.open({name!r})[KEY][:]), for AnnData "
    "eb.compare(anndata.read_zarr({name!r}))"
)
_UNPICKLED = _PICKLE.format(load="pandas.read_pickle({name!r})")

UNREAD: dict[str, str] = {
    ".pt": _TORCH,
    ".pth": _TORCH,
    ".ckpt": _TORCH,
    ".pkl": _UNPICKLED,
    ".pickle": _UNPICKLED,
    ".joblib": _PICKLE.format(load="joblib.load({name!r})"),
    ".h5": _HDF,
    ".hdf5": _HDF,
    ".mat": "np.save('vectors.npy', scipy.io.loadmat({name!r})[KEY])",
    ".db": _SQLITE,
    ".sqlite": _SQLITE,
    ".sqlite3": _SQLITE,
    ".duckdb": "duckdb.connect({name!r}).sql('FROM TABLE').write_parquet('vectors.parquet')",
    ".faiss": _FAISS,
    ".index": _FAISS,
    ".ann": (
        "a = annoy.AnnoyIndex(DIMS, 'angular'); a.load({name!r}); "
        "np.save('vectors.npy', [a.get_item_vector(i) for i in range(a.get_n_items())])"
    ),
    ".xlsx": _SHEET,
    ".xls": _SHEET,
    ".ods": _SHEET,
    ".kv": (
        "kv = gensim.models.KeyedVectors.load({name!r}); kv.save_word2vec_format('vectors.vec'), "
        'or in Python eb.compare({{"old": kv, "new": other}})'
    ),
    ".model": (
        "kv = gensim.models.Word2Vec.load({name!r}).wv; kv.save_word2vec_format('vectors.vec'), or "
        'in Python eb.compare({{"old": kv, "new": other}})'
    ),
    ".lance": (
        "lancedb.connect(FOLDER).open_table(NAME).to_pandas().to_parquet('vectors.parquet'), or "
        "lance.dataset({name!r}).to_table() in Python"
    ),
    ".zarr": _ZARR,
    ".orc": "pyarrow.parquet.write_table(pyarrow.orc.read_table({name!r}), 'vectors.parquet')",
    ".avro": "polars.read_avro({name!r}).write_parquet('vectors.parquet')",
    ".rds": "in R: arrow::write_parquet(as.data.frame(readRDS({name!r})), 'vectors.parquet')",
    ".onnx": "a model holds no vectors of items: embed the items, then np.save('vectors.npy', X)",
    ".gguf": "a model holds no vectors of items: embed the items, then np.save('vectors.npy', X)",
    ".zip": "unpack it, and name the files within",
    ".tar": "unpack it, and name the files within",
    ".tar.gz": "unpack it, and name the files within",
    ".tgz": "unpack it, and name the files within",
    ".json.gz": "unpack it: gunzip {name}",
    ".gz": "name it for what it holds, such as vectors.csv.gz, or unpack it: gunzip {name}",
    ".bz2": "unpack it: bunzip2 {name}",
    ".xz": "unpack it: unxz {name}",
    ".zst": "unpack it: unzstd {name}",
}
"""The line that makes of such a file one that is read."""

_URL = re.compile(r"^([a-z][a-z0-9+.-]+):/{1,3}(.*)", re.IGNORECASE)


def refuse_url(path: Path) -> None:
    """Refuse an address: nothing is fetched.

    Raises
    ------
    ReadError
        With what downloads it.
    """
    found = _URL.match(str(path))
    if found is None or len(found[1]) < 2:
        return
    scheme, rest = found[1].lower(), found[2]
    address = f"{scheme}:///{rest.lstrip(chr(47))}" if scheme == "file" else f"{scheme}://{rest}"
    way = {
        "file": f"give the path: {'/' + rest.lstrip('/')}",
        "s3": f"aws s3 cp {address} .",
        "gs": f"gcloud storage cp {address} .",
        "hf": f"hf download {rest.removeprefix('datasets/')} --repo-type dataset --local-dir data",
        "http": f"curl -LO {address}",
        "https": f"curl -LO {address}",
    }.get(scheme, "give the path of the copy")
    first = "" if scheme == "file" else "download it first: "
    raise ReadError(f"{address} is an address, and Emblink fetches nothing; {first}{way}")


def unread(path: Path, ending: str, readable: str) -> ReadError:
    """Return the error of a file, or folder, of a format that is not read."""
    way = UNREAD.get(ending)
    if way is None:
        return ReadError(
            f"{path.name} is of no format that Emblink reads; expected {readable}, "
            f"or pass arrays in Python: {_PYTHON}"
        )
    return ReadError(
        f"{path.name}: Emblink does not read {ending} files; {way.format(name=str(path))}"
    )
