"""Figures are divided in measuring/figures.py and nowhere else: the modules that print them hold no division and no rounding."""

import ast
from importlib import resources
from pathlib import Path

import pytest

REPORTS = Path(str(resources.files("tocsin.reports")))
# Places and heights of a drawing are binary numbers; what they are made of is divided elsewhere.
DRAWING = (
    "availability_graph", "drawing", "firmware_graph", "graph_style", "graphs", "incident_graph", "install_graph", "order_graph",
    "rhythm_graphs",
    "source_graph", "time_graphs", "trend_graph", "workbook_charts",
)  # fmt: skip
PRINTING = [
    *sorted(path for path in (REPORTS / "sections").glob("*.py")),
    *(
        REPORTS / f"{name}.py"
        for name in ("blocks", "wording", "figure_book", "figure_files", "html_page", "process_tables", "typst_pdf", "workbook", *DRAWING)
    ),
]
# Where a binary number is needed to place a dot or to fill a cell; what is read there is the figure's own words.
DRAWS = {"workbook.py", *(f"{name}.py" for name in DRAWING)}


@pytest.mark.parametrize("path", PRINTING, ids=lambda path: path.name)
def test_nothing_is_divided_or_rounded(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv)), f"line {node.lineno} divides"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "round", f"line {node.lineno} rounds"
            assert node.func.id != "float" or path.name in DRAWS, f"line {node.lineno} makes a binary number"
