"""Not a question: a peer of kql.py, a program of its own. ClickHouse as a library, asked in its dialect of KQL.

chdb_peer.py FOLDER FILE      makes the table T of a Parquet file, says "ready", then answers one query a line, all as JSON
"""

from __future__ import annotations

import json
import os
import sys
import time


def main() -> None:
    from chdb import session

    folder, file = sys.argv[1:]
    engine = session.Session(folder)
    engine.query("CREATE DATABASE bench")
    engine.query("USE bench")
    # As a person who knows it would: no column is nullable where none has a null.
    engine.query(
        f"CREATE TABLE T ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('{file}')"  # noqa: S608 - a path of ours
        " SETTINGS schema_inference_make_columns_nullable = 0"
    )
    engine.query("OPTIMIZE TABLE T FINAL")
    engine.query(f"SET max_threads = {os.cpu_count()}")
    engine.query("SET allow_experimental_kusto_dialect = 1")
    engine.query("SET dialect = 'kusto'")
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        try:
            answer = {"rows": json.loads(str(engine.query(json.loads(line), "JSONCompact")))["data"]}
        except RuntimeError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer | {"seconds": time.perf_counter() - begin}), flush=True)


if __name__ == "__main__":
    main()
