"""SQL text by its tokens: where things stand in it, so that a part is replaced and the rest stays as it was written."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import tokenize
from sqlglot.tokenizer_core import Token, TokenType

from tocsin.vocabulary.errors import BadDeclaration


@dataclass(frozen=True)
class Piece:
    """One token as it stands in the text, and whether white space stood before it."""

    token: Token
    text: str
    is_apart: bool

    @property
    def kind(self) -> TokenType:
        return self.token.token_type


def pieces_of(sql: str) -> list[Piece]:
    """The tokens of a text, without its comments."""
    pieces = []
    end = -1
    for token in tokenize(sql):
        pieces.append(Piece(token, sql[token.start : token.end + 1], token.start > end + 1))
        end = token.end
    return pieces


def written(pieces: Sequence[Piece]) -> str:
    """Pieces as text again; a line break or a comment between two of them is one space."""
    return "".join(f" {piece.text}" if piece.is_apart else piece.text for piece in pieces).strip()


def closing(pieces: Sequence[Piece], opening: int) -> int:
    """Where the bracket that opens at a place is closed. Raises BadDeclaration."""
    depth = 0
    for at in range(opening, len(pieces)):
        kind = pieces[at].kind
        depth += (kind is TokenType.L_PAREN) - (kind is TokenType.R_PAREN)
        if depth == 0:
            return at
    raise BadDeclaration(f"{pieces[opening - 1].text}( is never closed.")


def parted(inside: Sequence[Piece]) -> list[list[Piece]]:
    """Arguments, or what else stands between commas that are in no bracket."""
    if not inside:
        return []
    parts: list[list[Piece]] = [[]]
    depth = 0
    for piece in inside:
        depth += (piece.kind is TokenType.L_PAREN) - (piece.kind is TokenType.R_PAREN)
        if piece.kind is TokenType.COMMA and depth == 0:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts


def tail_of(pieces: Sequence[Piece], at: int) -> int:
    """Where the FILTER (…) or OVER (…) that stand behind a call end."""
    while at + 1 < len(pieces) and pieces[at].kind in {TokenType.FILTER, TokenType.OVER}:
        at = closing(pieces, at + 1) + 1
    return at
