"""From the TOML files of packs to values; every mistake of a pack is found in one go."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from pathlib import Path

from mlsec_lint.catalogue.bandit import read_bandit
from mlsec_lint.catalogue.errors import PackError, RuleError, quoted
from mlsec_lint.catalogue.facts import MODEL
from mlsec_lint.catalogue.files import PackFile, digest, read_files
from mlsec_lint.catalogue.kinds import read_kinds
from mlsec_lint.catalogue.model import BanditCheck, Fact, Kind, Pack, Rule, TextFormat
from mlsec_lint.catalogue.rules import read_rule
from mlsec_lint.catalogue.shapes import Place, Reading
from mlsec_lint.catalogue.vocabulary import Vocabulary, names_by_role
from mlsec_lint.record import dataclass

_EMPTY = Pack()


def load_packs(extra: Sequence[Path] = (), bundled: Pack | None = None) -> Pack:
    """The bundled pack (given where it is known) joined with others, each of which may use the words of those before it.

    Raises PackError with every mistake of the first pack that has some; an id or name that is taken is one.
    """
    pack = bundled or load_bundled()
    for directory in extra:
        pack = join(pack, load_pack(directory, pack))
    return pack


def load_bundled() -> Pack:
    """The rules and models that come with the linter. Raises PackError when the installation is damaged."""
    return load_pack(bundled_directory(), trusted=True)


def bundled_directory() -> Path:
    """The installed package `mlsec_lint.rules`, or the folder `rules/` of a source tree that is not installed."""
    installed = importlib.util.find_spec("mlsec_lint.rules")
    if installed is not None and installed.origin is not None:
        return Path(installed.origin).parent
    return Path(__file__).parents[2] / "rules"


def load_pack(
    directory: Path, ground: Pack = _EMPTY, *, vocabulary: Vocabulary | None = None, trusted: bool = False
) -> Pack:
    """What one directory says, on the ground of the packs before it (their kinds, formats, ids).

    `vocabulary` gives other predicate names than the usual ones. Regular expressions and API paths of a trusted pack
    are not checked again (its tests do). Raises PackError with every mistake that is found.
    """
    loader = _Loader(vocabulary or Vocabulary(), trusted)
    loader.take_ground(ground)
    pack = loader.load(read_files(directory, loader.errors))
    if loader.errors:
        raise PackError(tuple(loader.errors))
    return pack


def join(ground: Pack, pack: Pack) -> Pack:
    """Two packs as one."""
    return Pack(
        rules=ground.rules + pack.rules,
        facts=ground.facts + pack.facts,
        kinds=ground.kinds + pack.kinds,
        bandit={**ground.bandit, **pack.bandit},
        digest=hashlib.sha256(f"{ground.digest}\0{pack.digest}".encode()).hexdigest(),
    )


@dataclass(slots=True)
class _Loader:
    """One pack in the making."""

    vocabulary: Vocabulary
    trusted: bool
    errors: list[RuleError] = field(default_factory=list)
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    """Where a name of some sort was first given."""

    def take_ground(self, ground: Pack) -> None:
        """Words that are known, and names that are taken, before the pack is read."""
        self._learn(ground.kinds, ground.facts)
        for rule in ground.rules:
            self.taken["id", rule.id] = self.taken["name", rule.name] = rule.origin
        for kind in ground.kinds:
            self.taken[kind.role, kind.name] = "kinds.toml"
        for name in self.vocabulary.formats:
            self.taken["text format", name] = "another pack"
        for check in ground.bandit:
            self.taken["id", check] = "bandit.toml"

    def load(self, files: Sequence[PackFile]) -> Pack:
        """Reads kinds first, then models, then rules: each names what the one before it gives."""
        self.vocabulary = replace(self.vocabulary, complete=not self.errors)
        kinds = [kind for file in _of(files, "kinds") for kind in self._kinds(file)]
        self._learn(kinds, ())
        facts = [fact for file in _of(files, "model") for fact in self._facts(file)]
        self._learn((), facts)
        bandit = {id_: check for file in _of(files, "bandit") for id_, check in self._bandit(file).items()}
        rules = [self._rule(file) for file in _of(files, "rule")]
        rules.sort(key=lambda rule: rule.id)
        return Pack(tuple(rules), tuple(facts), tuple(kinds), bandit, digest(files))

    def _learn(self, kinds: Iterable[Kind], facts: Iterable[Fact]) -> None:
        names = names_by_role(kinds)
        known = self.vocabulary
        self.vocabulary = replace(
            known,
            source=known.source | names["source"],
            sink=known.sink | names["sink"],
            trait=known.trait | names["trait"],
            formats=known.formats | {fact.name for fact in facts if isinstance(fact, TextFormat)},
        )

    def _place(self, file: PackFile) -> Place:
        return Place(Reading(file.shown, file.origin, self.vocabulary, self.errors, self.trusted))

    def _claim(self, sort: str, name: str, place: Place) -> None:
        if (sort, name) in self.taken:
            place.error(f"the {sort} {quoted(name)} is taken by {self.taken[sort, name]}", "choose another")
        elif name:
            self.taken[sort, name] = place.reading.origin

    def _kinds(self, file: PackFile) -> tuple[Kind, ...]:
        place = self._place(file)
        kinds = read_kinds(file.values, place)
        for kind in kinds:
            self._claim(kind.role, kind.name, place.at(kind.role).at(kind.name))
        return kinds

    def _facts(self, file: PackFile) -> tuple[Fact, ...]:
        place = self._place(file)
        facts = MODEL.read_table(file.values, place)
        formats = [fact for fact in facts if isinstance(fact, TextFormat)]
        for index, known in enumerate(formats):
            self._claim("text format", known.name, place.at("text-format").at(index).at("name"))
        return facts

    def _bandit(self, file: PackFile) -> dict[str, BanditCheck]:
        place = self._place(file)
        checks = read_bandit(file.values, place)
        for check in checks.values():
            self._claim("id", check.id, place.at(check.id))
            self._claim("name", check.name, place.at(check.id).at("name"))
        return checks

    def _rule(self, file: PackFile) -> Rule:
        place = self._place(file)
        rule = read_rule(file.values, place)
        self._claim("id", rule.id, place.at("id"))
        self._claim("name", rule.name, place.at("name"))
        return rule


def _of(files: Iterable[PackFile], role: str) -> list[PackFile]:
    return [file for file in files if file.role == role]
