"""Write the pages of docs/ that are made from the declarations.

python -m tools.write_documents           # writes them
python -m tools.write_documents --check   # exit code 1, naming the pages, where a page is not what the declarations say
"""

import argparse
import sys
from pathlib import Path

from tools.documents.areas import areas
from tools.documents.assumptions import assumptions
from tools.documents.business_processes import business_processes
from tools.documents.data_contracts import data_contracts
from tools.documents.feeds import feeds
from tools.documents.incidents import incidents
from tools.documents.journeys import journeys
from tools.documents.measures import measures
from tools.documents.messages import messages
from tools.documents.modules import modules
from tools.documents.opr import opr
from tools.documents.service_requests import service_requests

DOCS = Path(__file__).resolve().parent.parent / "docs"
METHODOLOGY = (measures, areas, journeys, service_requests, incidents, business_processes, messages, opr, assumptions)


def documents() -> dict[Path, str]:
    """Every generated page, by its path."""
    pages = {DOCS / "methodology" / f"{made.__name__}.md": made() for made in METHODOLOGY}
    pages[DOCS / "modules.md"] = modules()
    return pages | {DOCS / "feeds" / name: text for name, text in (feeds() | data_contracts()).items()}


def stale(pages: dict[Path, str]) -> list[Path]:
    """Pages that differ from what stands on disk, and generated pages whose declaration is gone."""
    folders = {path.parent for path in pages} - {DOCS}
    left_over = [path for folder in folders for kind in ("*.md", "*.yaml") for path in folder.glob(kind) if path not in pages]
    changed = [path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted([*left_over, *changed])


def main() -> None:
    asked = argparse.ArgumentParser(description="Write the pages of docs/ that are made from the declarations.")
    asked.add_argument("--check", action="store_true", help="write nothing; fail where a page is out of date")
    is_check = asked.parse_args().check
    pages = documents()
    differing = stale(pages)
    for path in differing:
        print(path.relative_to(DOCS.parent))
        if is_check:
            continue
        if path in pages:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], encoding="utf-8")
        else:
            path.unlink()
    if differing and is_check:
        sys.exit("These pages are out of date. Run: make documents")


if __name__ == "__main__":
    main()
