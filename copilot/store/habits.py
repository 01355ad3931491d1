"""What the operator said to each habit that was found in their edits."""

from pydantic import ValidationError
from sqlalchemy import Row, delete, insert, select

from copilot.store.keeping import Keeper, now, storable
from copilot.store.records import DecidedHabit, Habit
from copilot.store.schema import RECORD_VERSION, habits
from copilot.store.troubles import storage_error


class HabitKeeper(Keeper):
    """The habits that were agreed to or refused. All methods raise `StorageError`."""

    def decide_habit(self, habit: Habit, *, kept: bool) -> DecidedHabit:
        """Keep what the operator said; what they said of it before is replaced."""
        decided = now()
        with self.database.writing() as connection:
            connection.execute(delete(habits).where(habits.c.id == habit.id))
            connection.execute(
                insert(habits).values(
                    id=habit.id,
                    group_name=storable(habit.group),
                    kept=kept,
                    decided=decided,
                    record_version=RECORD_VERSION,
                    record=storable(habit.model_dump_json()),
                )
            )
        return DecidedHabit(habit=habit, kept=kept, decided=self._here(decided))

    def habits(self, group: str | None = None) -> tuple[DecidedHabit, ...]:
        """What was decided, oldest first: for one group with what holds for every group, or (None) all of it."""
        query = select(habits).order_by(habits.c.decided, habits.c.id)
        if group is not None:
            query = query.where(habits.c.group_name.in_(["", storable(group).strip()]))
        with self.database.reading() as connection:
            return tuple(self._decided(row) for row in connection.execute(query))

    def _decided(self, row: "Row[tuple[object, ...]]") -> DecidedHabit:
        try:
            habit = Habit.model_validate_json(row.record)
        except ValidationError as error:
            raise storage_error(f"写法 {row.id} 的记录读不出来", hint="升级 copilot") from error
        return DecidedHabit(habit=habit, kept=row.kept, decided=self._here(row.decided))
