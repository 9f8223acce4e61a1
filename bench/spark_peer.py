"""Not a question: the peer of batches.py, a program of its own. Prints the seconds that the query took and its answer."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import pandas as pd


def process(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for df in batches:
        df["y"] = df.a * 2 + df.b
        yield df


def main() -> None:
    from pyspark.sql import SparkSession, functions

    file, batch_rows = sys.argv[1:]
    spark = (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", batch_rows)
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")

    def ask(table: object) -> tuple:
        mapped = table.mapInPandas(process, "x long, a double, b double, y double")
        return mapped.agg(functions.count("*"), functions.sum("y"), functions.max("x")).first()

    table = spark.read.parquet(file)
    ask(table.limit(1000))  # its workers are started
    begin = time.perf_counter()
    row = ask(table)
    print(time.perf_counter() - begin, *row)
    spark.stop()


if __name__ == "__main__":
    main()
