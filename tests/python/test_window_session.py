"""row_window_session() over many rows, where the engine joins runs of rows, against the rule read row by row."""

import random

import pytest

ROWS = 3000


def sessions(rows, longest, widest_gap):
    """The documented rule: a row begins a session when it is the first one, restarts, comes `longest` after the session's
    first or `widest_gap` after its neighbour; a row without a time is in none."""
    begin = before = None
    for time, restart in rows:
        if time is None:
            begin = before = None
        else:
            if begin is None or restart or time - begin >= longest or time - before >= widest_gap:
                begin = time
            before = time
        yield begin if time is not None else None


@pytest.mark.parametrize("seed", range(8))
def test_runs_join_to_the_same_sessions(wardian, seed):
    chance = random.Random(seed)
    longest, widest_gap = chance.choice([(30, 5), (1000, 5), (50, 1000), (100_000, 100_000)])
    time, rows = 1_000_000, []
    for _ in range(ROWS):
        time += chance.choice([0, 1, 2, 3, -2, 4]) if chance.random() < 0.99 else 7
        rows.append((None if seed % 2 and chance.random() < 0.002 else time, seed % 4 > 1 and chance.random() < 0.002))
    cells = ",".join(f"{number},{'long(null)' if t is None else t},{str(r).lower()}" for number, (t, r) in enumerate(rows))
    query = f"""datatable(n:long, t:long, r:bool)[{cells}] | sort by n asc
        | extend begin = row_window_session(datetime(2020-01-01) + t * 1s, {longest} * 1s, {widest_gap} * 1s, r)
        | project (begin - datetime(2020-01-01)) / 1s"""
    assert [begin for (begin,) in wardian.rows(query)] == list(sessions(rows, longest, widest_gap))
