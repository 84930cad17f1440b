"""The picks of a close: each made when a journey first asks for it, as a Parquet file aside, and given to all that ask (decision 17)."""

from dataclasses import dataclass, field
from pathlib import Path

from tocsin.engines import Relation, Session
from tocsin.engines.failing import asked_for
from tocsin.feeds import all_feeds
from tocsin.measuring.journey import Journey
from tocsin.measuring.picks import Pick, hold_picks, in_turn
from tocsin.reports.journey_tables import Close

# What a pick's rows are made of: its name, and what it was asked of.
_Asked = tuple[str, tuple[int, int], tuple[str, ...]]


@dataclass(frozen=True)
class Picked:
    """What was picked for journeys in one close, in a folder that goes with it."""

    folder: Path
    made: dict[_Asked, Path] = field(default_factory=dict)

    def relation(self, close: Close, pick: Pick) -> Relation:
        """A pick's rows of a close, or of a part of one, which has rows of its own. Raises EngineUnavailable."""
        feeds = sorted({feed for one in in_turn([pick]) for feed in one.feeds})
        # What stands, and between which instants: a day by itself, or a look of an earlier Working Day, is another question.
        asked = (pick.name, close.stretch, tuple(delivery.delivery_id for feed in feeds for delivery in close.basis.of(feed)))
        if asked not in self.made:
            path = self.folder / f"{len(self.made):04d}.parquet"
            read = [*(close.basis.relation(all_feeds()[feed]) for feed in pick.feeds), *(self.relation(close, one) for one in pick.of)]
            with asked_for(f"pick {pick.name}"), close.engine.session() as session:
                for relation in read:
                    session.add(relation)
                session.write_parquet(pick.sql, path, close.parameters(0, 1))
            self.made[asked] = path
        return Relation(pick.name, pick.columns, (str(self.made[asked]),))


def add_picks(session: Session, close: Close, journey: Journey, picked: Picked | None) -> None:
    """Give an engine what a journey asks for of its picks: out of those made, or, without any, out of the feeds that the session has."""
    if picked is None:
        hold_picks(session, journey.picks, close.parameters(0, 1))
        return
    for pick in journey.picks:
        session.add(picked.relation(close, pick))
