"""What no lesson uses of JupyterLab is left out of JupyterLite: Mermaid, Vega, terminals, a hundred programming languages.

JupyterLab comes in some 270 files; a file asks for others by their number, `.e(123)`, when it needs them.
"""
import re

SWITCHED_OFF = ["@jupyterlab/mermaid-extension", "@jupyterlab/vega5-extension", "@jupyterlab/terminal-extension"]
LIBRARY = re.compile(r"mermaidAPI|vega-(?:bind|embed|lite)|classList\.add\(.xterm-")      # stands in a file of theirs
LANGUAGE = re.compile(r'\{name:"(?!(?:Python|ipython|Markdown|HTML|CSS|Javascript|JSON)")[^"]+",displayName:.*?'
                      r'(?=\},\{name:"|\}\])')
FILE = re.compile(r"(\w+)\.[0-9a-f]{7}\.js")
ASKED = re.compile(r"\.e\((\d+)\)")


def lighten(folder):
    """Remove from a build of JupyterLab the files that only those libraries and languages ask for.

    folder: with jlab_core.*.js and lab/bundle.js     returns: paths that are gone
    raises: OSError where less goes than is expected: this JupyterLab is built in another way
    """
    paths = {found[1]: path for path in folder.glob("*.js") if (found := FILE.fullmatch(path.name))}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    start = ["jlab_core", *ASKED.findall((folder / "lab" / "bundle.js").read_text(encoding="utf-8"))]
    used = reached(start, {name: LANGUAGE.sub("", text) for name, text in texts.items()
                           if name == "jlab_core" or not LIBRARY.search(text)})
    gone = [paths[name] for name in reached(start, texts) - used]
    if (saved := sum(path.stat().st_size for path in gone)) < 5e6:
        raise OSError(f"only {saved / 1e6:.1f} MB of JupyterLab are unused, 6 were expected: see site/lighter.py")
    for path in gone:
        path.unlink()
    return gone


def reached(start, texts):
    """The names of the files that are asked for, and of those that they ask for.   texts: of the files that are there"""
    found, waiting = set(), [*start]
    while waiting:
        name = waiting.pop()
        if name in texts and name not in found:
            found.add(name)
            waiting += ASKED.findall(texts[name])
    return found
