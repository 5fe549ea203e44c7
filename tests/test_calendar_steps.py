"""The calendar of steps against `datetime`, against one that counts step by step, and against what it writes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import reckoning
from hypothesis import given
from hypothesis import strategies as st

from negsim.scenario.calendar_steps import Calendar, Step, moment_in

DAYS = st.dates(date(1500, 1, 1), date(2500, 12, 31))
NUMBERS = st.integers(-3_000, 3_000)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    step, day = draw(st.sampled_from(Step)), draw(DAYS)
    if step is Step.MONTH:
        day = day.replace(day=draw(st.integers(1, 28)))
    hour = draw(st.integers(0, 23))
    return Calendar(step, datetime(day.year, day.month, day.day, hour) if step is Step.HOUR else day)  # noqa: DTZ001


@given(calendars(), NUMBERS)
def test_a_step_has_a_date_and_that_date_the_step(calendar: Calendar, number: int) -> None:
    assert calendar.step_of(calendar.date_of(number)) == number
    assert calendar.date_of(0) == calendar.start


@given(calendars(), NUMBERS, st.integers(0, 59))
def test_what_is_before_the_next_step_belongs_to_this_one(calendar: Calendar, number: int, minute: int) -> None:
    following = calendar.date_of(number + 1)
    if isinstance(following, datetime):
        assert calendar.step_of(following - timedelta(minutes=minute + 1)) == number
    else:
        assert calendar.step_of(following - timedelta(days=1)) == number


@given(calendars(), NUMBERS)
def test_what_is_written_is_read_as_what_it_was(calendar: Calendar, number: int) -> None:
    written = calendar.written(number)
    moment = calendar.read(written)
    assert moment == calendar.date_of(number)
    assert calendar.read(written.replace(" ", "T")) == moment
    assert calendar.said(calendar.date_of(number)) == written


@given(DAYS, st.integers(0, 23), NUMBERS)
def test_hours_days_and_weeks_are_those_of_datetime(day: date, hour: int, number: int) -> None:
    start = datetime.fromisoformat(f"{day}T{hour:02}:00")
    assert Calendar(Step.HOUR, start).date_of(number) == start + timedelta(hours=number)
    assert Calendar(Step.DAY, day).date_of(number) == day + timedelta(days=number)
    assert Calendar(Step.WEEK, day).date_of(number) == day + timedelta(weeks=number)
    other = day + timedelta(days=number)
    assert Calendar(Step.WEEK, day).step_of(other) == number // 7
    assert Calendar(Step.HOUR, start).step_of(other) == 24 * number - hour  # a date alone is its midnight


@given(calendars(), st.integers(-400, 400))
def test_a_calendar_that_counts_one_by_one_agrees(calendar: Calendar, number: int) -> None:
    start = calendar.start.isoformat()
    assert reckoning.written(start, calendar.name, number) == calendar.written(number)
    assert reckoning.step_of(start, calendar.name, calendar.date_of(number).isoformat()) == number


def test_months_have_the_lengths_that_they_have() -> None:
    calendar = Calendar(Step.MONTH, date(2027, 12, 28))
    assert [calendar.written(step) for step in (1, 2, 3, 14, -10)] == [
        "2028-01-28",
        "2028-02-28",
        "2028-03-28",
        "2029-02-28",
        "2027-02-28",
    ]
    assert [calendar.step_of(date(2028, 2, day)) for day in (27, 28, 29)] == [1, 2, 2]
    assert calendar.step_of(date(2028, 3, 27)) == 2


@pytest.mark.parametrize(
    ("step", "start", "last"),
    [
        (Step.HOUR, "9999-12-31T22:00", 1),
        (Step.DAY, "9999-12-30", 1),
        (Step.WEEK, "9999-12-24", 1),
        (Step.MONTH, "9999-11-28", 1),
    ],
)
def test_it_ends_with_the_year_9999(step: Step, start: str, last: int) -> None:
    calendar = Calendar(step, datetime.fromisoformat(start) if step is Step.HOUR else date.fromisoformat(start))
    assert calendar.date_of(last).year == 9999
    with pytest.raises(OverflowError):
        calendar.date_of(last + 1)


@pytest.mark.parametrize("step", Step)
def test_its_first_step_is_the_first_of_the_year_1_that_there_is(step: Step) -> None:
    start = date(1, 3, 5)
    calendar = Calendar(step, datetime.fromisoformat("0001-03-05T05:00") if step is Step.HOUR else start)
    assert calendar.date_of(calendar.first).year == 1
    with pytest.raises(OverflowError):
        calendar.date_of(calendar.first - 1)


def test_a_calendar_reads_the_forms_that_it_has_and_no_other() -> None:
    hours = Calendar(Step.HOUR, datetime.fromisoformat("1962-10-16T09:00"))
    assert hours.read("1962-10-16") == datetime.fromisoformat("1962-10-16T00:00")
    assert [hours.read(text) for text in ("1962-10", "1962-10-16T09:30", "1962-10-16T24:00", "1962-10-16 9:00")] == [
        None
    ] * 4
    days = Calendar(Step.DAY, date(1962, 10, 16))
    assert [days.read(text) for text in ("1962-10", "1962-10-16T09:00", "1962-02-30", "16 October", "5")] == [None] * 5
    assert Calendar(Step.MONTH, date(1962, 10, 1)).read("1962-11") == date(1962, 11, 1)
    assert Calendar(Step.MONTH, date(1962, 10, 2)).read("1962-11") is None
    assert moment_in("1962-10T09:00") is None


def test_when_it_is_reads_well_in_a_sentence() -> None:
    hours = Calendar(Step.HOUR, datetime.fromisoformat("1962-10-16T09:00"))
    assert hours.when(5) == "at 1962-10-16 14:00"
    assert Calendar(Step.DAY, date(1962, 10, 16)).when(1) == "on 1962-10-17"
    assert Calendar(Step.WEEK, date(1962, 10, 16)).when(1) == "on 1962-10-23"
    assert Calendar(Step.MONTH, date(1962, 10, 16)).when(1) == "on 1962-11-16"
    assert Calendar(Step.MONTH, date(1962, 10, 1)).when(1) == "in 1962-11"
