"""Compare the commands dockeropt reads out of RUN with those of tree-sitter-bash, over real Dockerfiles.

Usage: python benchmarks/shell_agreement.py FOLDER [--show]

Every shell-form RUN whose script a POSIX shell runs counts, each different script once. The names of the
commands must be the same, in the same order, as they are written: wrappers are not seen through here.

Left out and counted are the scripts tree-sitter-bash cannot be asked about: those in which it finds a syntax
error (mostly templates, which no shell would run), and those in which it takes { or } for a command, which
as reserved words they cannot be: it reads "! { a | b; }" so.

Where tree-sitter-bash 0.25.1 is otherwise wrong, by `bash -n` and by reading, it counts as a disagreement:
    A=${B-`c`}      no command c
    A=$B.$C-$D      a command C-$D
    a && \\ b        the command b; to bash it is one whose name begins with a blank
    "$$(a "$B")"    $( is no substitution after $$
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.shell.oracle import names_by_dockeropt, names_by_tree_sitter, scripts_in  # noqa: E402


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--show", action="store_true", help="print the scripts that are read differently")
    given = options.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file())
    judge(scripts_in(files), given.show)


def judge(scripts: dict[str, Path], show: bool) -> None:
    """Print how many scripts are read as tree-sitter-bash reads them."""
    agreed = left_out = 0
    for script, path in scripts.items():
        expected = names_by_tree_sitter(script)
        if expected is None:
            left_out += 1
            continue
        actual = names_by_dockeropt(script)
        agreed += expected == actual
        if show and expected != actual:
            print(f"{path}\n{script}\n  tree-sitter: {expected}\n  dockeropt:   {actual}\n")
    compared = len(scripts) - left_out
    print(f"bodies    {len(scripts):7,}  different ones")
    print(f"left out  {left_out:7,}  tree-sitter-bash cannot be asked")
    print(f"compared  {compared:7,}")
    print(f"agreed    {agreed:7,}")
    print(f"share     {agreed / max(compared, 1):8.3%}")


if __name__ == "__main__":
    main()
