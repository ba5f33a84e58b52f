"""Do the tests judge the code? Break it a little, one place at a time, and count how many breaks a test notices.

`make mutation` or `python -m tests.mutation [module …]`. Which tests judge which module stands in targets.toml.

No file is ever changed: each mutant lives in the memory of a forked process whose import of the one module is answered
with the broken text (so this needs fork: Linux or macOS). Most operators are cosmic-ray's. Left out are those that
break every program at once (bit operations on money, annotations) and would only flatter the number, and mutants that
cannot be imported. Added are two that our code needs: words of texts and SQL, and statements.
"""

import ast
import contextlib
import gc
import importlib.abc
import importlib.util
import io
import os
import re
import resource
import signal
import sqlite3
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from parso.python.tree import Keyword, String
from parso.tree import NodeOrLeaf

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CONFIG = tomllib.loads((HERE / "targets.toml").read_text())
MEMORY = 4 << 30  # bytes; a mutant that fills more has been noticed
UNFAIR = re.compile(r"Bit|Shift|Pow|Invert|UAdd|Operator_\w+_Is(Not)?$|VariableReplacer|VariableInserter|NoOp")
FAIR_IS = re.compile(r"Operator_Is(Not)?_Is(Not)?$")
OURS = {"portal", "accounts", "jht", "tests"}
Place = tuple[int, int]


class Statement(Operator):
    """A thing done, raised or answered is left out: `raise X` and calls become `pass`, `return x` a bare `return`."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Place, Place]]:
        statement = node.children[0] if node.type == "simple_stmt" else node
        is_whole_line = node.type == "simple_stmt" and len(node.children) == 2
        if is_whole_line and (
            statement.type in ("atom_expr", "raise_stmt", "return_stmt")
            or (
                statement.type == "expr_stmt"
                and ("." in statement.children[0].get_code(include_prefix=False) or _is_augmented(statement))
            )
        ):
            yield statement.start_pos, statement.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        first = node.children[0].get_first_leaf()
        word = "return" if node.children[0].type == "return_stmt" else "pass"
        node.children[0] = Keyword(word, first.start_pos, first.prefix)
        return node

    @classmethod
    def examples(cls) -> tuple:
        return ()


def _is_augmented(statement: NodeOrLeaf) -> bool:
    return statement.children[1].get_code().strip() in ("+=", "-=")


class Text(Operator):
    """A text becomes empty; in SQL one word becomes its neighbour instead."""

    NEIGHBOURS = (("<=", "<"), (" > ", " >= "), (" < ", " <= "), (" OR ", " AND "), (" AND ", " OR "), ("SUM(", "MAX("))
    NEIGHBOURS += (("+ 1", "+ 2"), ("- 1", "- 2"), ("THEN 1", "THEN 2"), (", 1)", ", 2)"), (" IN ", " NOT IN "))

    def _versions(self, node: NodeOrLeaf) -> list[str]:
        if not isinstance(node, String) or node.value.strip("\"'") == "":
            return []
        text = node.value
        if not re.search("SELECT|INSERT|UPDATE", text):
            return ['""']
        return [
            text[: found.start()] + new + text[found.end() :]
            for old, new in self.NEIGHBOURS
            for found in re.finditer(re.escape(old), text)
        ]

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Place, Place]]:
        for _ in self._versions(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        return String(self._versions(node)[index], node.start_pos, node.prefix)

    @classmethod
    def examples(cls) -> tuple:
        return ()


@dataclass(frozen=True)
class Mutant:
    line: int
    was: str
    becomes: str
    source: str


def operators() -> list[Operator]:
    names = (name for name in plugins.operator_names() if FAIR_IS.search(name) or not UNFAIR.search(name))
    return [*(plugins.get_operator(name)() for name in names), Statement(), Text()]


def mutants(source: str) -> list[Mutant]:
    """Every way to break this text in one place, in the order of its lines; none twice."""
    spared = list(_spared(source))
    found: dict[str, Mutant] = {ast.dump(ast.parse(source)): Mutant(0, "", "", source)}
    for operator in operators():
        places = [(place, node) for node in ast_nodes(get_ast(source)) for place in operator.mutation_positions(node)]
        for occurrence, ((start, end), node) in enumerate(places):
            is_a_parameters_star = node.type == "operator" and node.parent.type in ("parameters", "param", "argument")
            if is_a_parameters_star or any(first <= start and end <= last for first, last in spared):
                continue
            broken = mutate_code(source, operator, occurrence)
            with contextlib.suppress(SyntaxError):
                found.setdefault(ast.dump(ast.parse(broken)), _mutant(source, broken))
    return sorted(list(found.values())[1:], key=lambda one: one.line)


def _spared(source: str) -> Iterator[tuple[Place, Place]]:
    """What says nothing to the machine: annotations and docstrings."""
    for node in ast.walk(ast.parse(source)):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            parts.append(node.body[0])
        for part in filter(None, parts):
            yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)


def _mutant(source: str, broken: str) -> Mutant:
    before, after = source.splitlines(), broken.splitlines()
    same = next(index for index, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    return Mutant(same + 1, before[same].strip(), after[same].strip(), broken)


class Broken(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Answers the import of one module with another text; the file stays as it is."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.source = path, source
        self.module = path.removesuffix(".py").replace("/", ".")

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def get_filename(self, name: str) -> str:
        return str(ROOT / self.path)

    def get_data(self, path: str) -> bytes:
        return self.source.encode()

    def path_stats(self, path: str) -> dict:
        raise OSError  # never from, never into a file of compiled code


class Plugin:
    """For pytest: the test database is migrated once and copied afterwards; what was imported is written down."""

    def __init__(self, folder: Path) -> None:
        self.database, self.modules = folder / "migrated.sqlite3", folder / "modules"

    def pytest_collection_finish(self) -> None:
        from django.core import management
        from django.db import connection

        call_command = management.call_command

        def copied(command: str, *args, **options) -> None:
            connection.ensure_connection()
            is_first = not self.database.exists()
            with contextlib.closing(sqlite3.connect(self.database)) as kept:
                if command != "migrate" or is_first:
                    call_command(command, *args, **options)
                if command == "migrate":
                    source, copy = (connection.connection, kept) if is_first else (kept, connection.connection)
                    source.backup(copy)

        management.call_command = copied

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            os._exit(pytest.ExitCode.INTERRUPTED)  # it cannot be imported; -x would call that a failed test

    def pytest_unconfigure(self) -> None:
        if not self.modules.exists():
            self.modules.write_text("\n".join(sys.modules))

    def preload(self) -> None:
        """Import here whatever the tests need that is not ours, so that no child has to."""
        for name in self.modules.read_text().splitlines():
            if name.partition(".")[0] not in OURS:
                with contextlib.suppress(Exception):  # models wait for the settings; the children load those
                    importlib.import_module(name)
        gc.freeze()


def verdict(path: str, source: str, tests: list[str], seconds: float, plugin: Plugin) -> str:
    """killed, survived, or invalid: it cannot even be imported, so no test is needed to see it."""
    child = os.fork()
    if child == 0:
        # Whatever works so long has been noticed. Waiting is another matter: the machine may be busy.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, 20 * seconds)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        sys.meta_path.insert(0, Broken(path, source))
        options = ["-x", "-q", "--assert=plain", "--hypothesis-profile=mutation"]
        output = io.StringIO()
        code = pytest.ExitCode.INTERNAL_ERROR
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), contextlib.suppress(BaseException):
            code = pytest.main([*options, *tests], plugins=[plugin])
        if os.environ.get("MUTATION_OUTPUT"):
            os.write(1, output.getvalue().encode())
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    return {0: "survived", 1: "killed"}.get(os.WEXITSTATUS(status), "invalid")


def judge(target: dict, folder: Path) -> tuple[int, list[Mutant]]:
    """How many mutants there are, and which survive."""
    path, tests, plugin = target["module"], target["tests"], Plugin(folder)
    source = (ROOT / path).read_text()
    began = time.monotonic()
    if verdict(path, source, tests, 600, plugin) != "survived":
        sys.exit(f"{path}: tesnya gagal juga tanpa kerusakan. Perbaiki dahulu: pytest {' '.join(tests)}")
    seconds = max(10, 5 * (time.monotonic() - began))
    plugin.preload()
    everything, survivors, counted = mutants(source), [], 0
    for number, mutant in enumerate(everything, 1):
        outcome = verdict(path, mutant.source, tests, seconds, plugin)
        counted += outcome != "invalid"
        if outcome == "survived":
            survivors.append(mutant)
        if sys.stderr.isatty():
            print(f"\r{path} {number}/{len(everything)}, hidup {len(survivors)} ", end="", file=sys.stderr)
    if verdict(path, source, tests, 600, plugin) != "survived":
        sys.exit(
            f"{path}: tesnya gagal tanpa kerusakan, padahal tadi lulus. Kode berubah sementara ini berjalan; ulangi."
        )
    return counted, survivors


def main(wanted: list[str]) -> int:
    targets = [target for target in CONFIG["target"] if not wanted or target["module"] in wanted]
    known = {(one["module"], one["was"], one["becomes"]): one["why"] for one in CONFIG.get("equivalent", [])}
    hypothesis.settings.register_profile(
        "mutation",
        max_examples=CONFIG["examples"],
        deadline=None,
        database=None,
        derandomize=True,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    for name in ("DATABASE_URL", "CACHE_URL"):
        os.environ.pop(name, None)
    too_few = False
    print(f"{'modul':<26}{'mutan':>7}{'mati':>7}{'hidup':>7}{'persen':>8}", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        os.environ["DATA_DIR"] = folder
        for target in targets:
            path = target["module"]
            count, survivors = judge(target, Path(folder))
            percent = 100 * (count - len(survivors)) / count
            too_few |= percent < CONFIG["threshold"]
            print(f"\r{path:<26}{count:>7}{count - len(survivors):>7}{len(survivors):>7}{percent:>8.1f}")
            for one in survivors:
                why = known.get((path, one.was, one.becomes))
                print(f"    {one.line}: {one.was}\n      → {one.becomes}" + (f"\n      setara: {why}" if why else ""))
            sys.stdout.flush()
    return int(too_few)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
