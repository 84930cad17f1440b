"""Floor 5: the Business Processes, one TOML each. The folder is walked; a misdeclared file is refused by name."""

from functools import cache
from importlib.resources import files

from tocsin.engines.kernel import check_predicate
from tocsin.journeys import journey_named, journey_names
from tocsin.processes.business_process import BusinessProcess, read_process
from tocsin.vocabulary.business_processes import OTHER, TITLES
from tocsin.vocabulary.errors import BadDeclaration


@cache
def all_processes() -> dict[str, BusinessProcess]:
    """Every Business Process by name, in order of the report.

    Raises BadDeclaration naming the file that is wrong, and when a process of the dated map has no file, or two.
    """
    shelf: dict[str, BusinessProcess] = {}
    for file in files(__name__).iterdir():
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            shelf[name] = read_process(name, file.read_text(encoding="utf-8"), journey_names(), f"processes/{file.name}")
    processes = dict(sorted(shelf.items(), key=lambda item: item[1].order))
    check_processes(processes)
    return processes


def check_processes(processes: dict[str, BusinessProcess]) -> None:
    """One file a code; splits and predicates fit the journey. Raises BadDeclaration."""
    codes = [process.code for process in processes.values()]
    for code in (*TITLES, OTHER):
        if codes.count(code) != 1:
            raise BadDeclaration(f"processes: one TOML with code {code} was expected, found {codes.count(code)}.")
    for process in processes.values():
        if not process.is_fed:
            continue
        journey = journey_named(process.journey)
        if strange := [column for column in process.selected_by if column not in journey.splits]:
            expected = ", ".join(journey.splits)
            raise BadDeclaration(f'processes/{process.name}.toml: selected_by: "{strange[0]}" is not known; expected of {expected}.')
        for column in process.columns:
            if column not in journey.splits:
                expected = ", ".join(journey.splits)
                raise BadDeclaration(f'processes/{process.name}.toml: split_by: "{column}" is not known; expected of {expected}.')
        for indicator in process.declared:
            for rule in (indicator.counted, indicator.met, indicator.waiting):
                if rule is not None:
                    check_predicate(rule.predicate, journey.columns, f"processes/indicators.py: {indicator.name}")
