"""Wheels for Python in the browser that are made here: of the course, and of packages of this environment.

So the browser has the versions that requirements.txt pins. Only Python files are taken: a package that has compiled parts as well
must do without them.
"""
import base64
import hashlib
import io
import re
import zipfile
from importlib.metadata import distribution
from pathlib import Path

HERE, ROOT = Path(__file__).parent, Path(__file__).parent.parent
LEFT_OUT = re.compile(r"\.(so|pyd|pyc)$|(^|/)(tests|typeshed/stubs|django-stubs|\.\.)/"
                      r"|dist-info/(?!METADATA|licenses|entry_points)")          # Matplotlib finds its backend by an entry point
DATA = {".txt", ".npz", ".conllu", ".json"}


def installed(name):
    """A package of this environment.   returns: name of the file, bytes     raises: PackageNotFoundError"""
    it = distribution(name)
    files = {path.as_posix(): Path(path.locate()).read_bytes() for path in it.files if not LEFT_OUT.search(path.as_posix())}
    return wheel(it.metadata["Name"], it.version, files)


def course():
    """rnn_lib, its data beside it, and what runs the cells of a page. The version tells what is inside.

    returns: name of the file, bytes
    """
    paths = [path for path in (ROOT / "rnn_lib").rglob("*") if path.suffix in {".py", ".js", ".css"}]
    paths += [path for path in (ROOT / "data").glob("*") if path.suffix in DATA]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    files["page_python.py"] = (HERE / "page_python.py").read_bytes()
    inside = hashlib.sha256(b"\0".join(name.encode() + files[name] for name in sorted(files)))
    return wheel("rnn_lib", f"0.1.0+{inside.hexdigest()[:10]}", files)


def wheel(name, version, files):
    """A wheel, the same bytes for the same files.   files: {path: bytes}     returns: name of the file, bytes"""
    stem = f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}"
    info = f"{stem}.dist-info"
    files = {re.sub(r"^[^/]+\.dist-info/", f"{info}/", path): text for path, text in files.items()}
    files.setdefault(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode())
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: site/wheels.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = [f"{path},sha256={digest(files[path])},{len(files[path])}" for path in sorted(files)]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files):
            item = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))
            item.external_attr = 0o644 << 16
            archive.writestr(item, files[path], zipfile.ZIP_DEFLATED)
    return f"{stem}-py3-none-any.whl", packed.getvalue()


def digest(data):
    """sha256 as RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
