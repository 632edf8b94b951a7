"""From LibCST to plain values: one `Lowering` a chunk."""

from __future__ import annotations

import ast
import unicodedata
import warnings
from collections.abc import Iterable

import libcst as cst

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.lower_expression import EXPRESSIONS
from mlsec_lint.syntax.lower_statement import STATEMENTS
from mlsec_lint.syntax.numbering import Numbering


class Lowering(Numbering[cst.CSTNode]):
    """Lowers the tree of one chunk."""

    def identifier(self, text: str) -> str:
        """Fold an identifier as Python does (NFKC; language reference, "Identifiers and keywords")."""
        return text if text.isascii() else unicodedata.normalize("NFKC", text)

    def expression(self, node: cst.BaseExpression) -> ex.Expression:
        """Lower an expression."""
        return EXPRESSIONS[type(node)](node, self)

    def body(self, node: cst.BaseSuite | cst.Module) -> st.Body:
        """Lower the statements of a block; a compound statement's one-line body too."""
        found: list[st.Statement] = []
        for item in node.body:
            if isinstance(item, cst.SimpleStatementLine | cst.SimpleStatementSuite):
                found.extend(self.statements(item.body))
            else:
                found.extend(self.statements((item,)))
        return tuple(found)

    def statements(self, nodes: Iterable[cst.CSTNode]) -> list[st.Statement]:
        """Lower statements; those that say nothing (`pass`) are left out."""
        found: list[st.Statement] = []
        for node in nodes:
            lower = STATEMENTS.get(type(node))
            if lower is not None:
                found.append(lower(node, self))
        return found

    def parameters(self, node: cst.Parameters) -> tuple[ex.Parameter, ...]:
        """Lower the parameters of a function, in the order in which they are written."""
        found = [self._parameter(item, "", keyword_only=False) for item in (*node.posonly_params, *node.params)]
        if isinstance(node.star_arg, cst.Param):
            found.append(self._parameter(node.star_arg, "*", keyword_only=False))
        found.extend(self._parameter(item, "", keyword_only=True) for item in node.kwonly_params)
        if node.star_kwarg is not None:
            found.append(self._parameter(node.star_kwarg, "**", keyword_only=False))
        return tuple(found)

    def _parameter(self, node: cst.Param, star: str, *, keyword_only: bool) -> ex.Parameter:
        return ex.Parameter(
            self.identifier(node.name.value),
            self.expression(node.annotation.annotation) if node.annotation else None,
            self.expression(node.default) if node.default else None,
            star,
            keyword_only,
            self.place(node),
        )

    def text(self, literal: str) -> str | bytes:
        """The value of a string literal as it is written, prefix and quotes included."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are not our finding
            try:
                value = ast.literal_eval(literal)
            except (ValueError, SyntaxError):  # a literal of a newer Python: template strings
                return literal
        return value if isinstance(value, str | bytes) else literal

    def unescape(self, text: str, raw: bool) -> str:
        """The value of a constant part of an f-string."""
        folded = text.replace("{{", "{").replace("}}", "}")
        if raw or "\\" not in folded:
            return folded
        quoted = '"""' + folded.replace('"', '\\"').replace('\\\\"', '\\"') + '"""'
        value = self.text(quoted)
        return value if isinstance(value, str) and value != quoted else folded
