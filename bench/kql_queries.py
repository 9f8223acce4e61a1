"""The queries of bench/kql.py: each in KQL and as a person who knows DuckDB would write it, over the table that `rows()` makes.

ts: seconds over 30 days; user: 1 in 1,000,000, early ones more often; country: 1 of 40; status: 1 of 5 codes; ms: log-normal;
bytes: whole numbers; url: 1 of some 20,000 paths; agent: 1 of 200 texts; line: a log line with numbers in it; props: JSON.
"""

from __future__ import annotations

from typing import NamedTuple

ROWS = 10_000_000


def rows(count: int) -> str:
    """The table's rows as one SQL query, the same at every run: everything comes from hashes of the row's number."""
    return f"""
        SELECT
            TIMESTAMP '2024-01-01' + INTERVAL (i * 2592000 // {count}) SECOND AS ts,
            (1000000 * pow((hash(i, 1) % 1000003) / 1000003.0, 2))::BIGINT AS "user",
            'C' || lpad((hash(i, 2) % 40)::VARCHAR, 2, '0') AS country,
            [200, 200, 200, 200, 200, 200, 301, 404, 404, 500][(hash(i, 3) % 10)::INTEGER + 1]::BIGINT AS status,
            exp(sqrt(-2 * ln((hash(i, 4) % 1000003 + 1) / 1000004.0))
                * cos(6.283185307 * (hash(i, 5) % 1000003) / 1000003.0) + 3) AS ms,
            (hash(i, 6) % 100000)::BIGINT AS bytes,
            '/shop/' || (hash(i, 7) % 141)::VARCHAR || '/item/' || (hash(i, 8) % 142)::VARCHAR AS url,
            'Mozilla/5.0 (Agent ' || (hash(i, 9) % 200)::VARCHAR || ') Gecko' AS agent,
            'request ' || i::VARCHAR || ' took ' || (hash(i, 10) % 5000)::VARCHAR
                || ' ms on node-' || (hash(i, 11) % 64)::VARCHAR AS line,
            '{{"plan":"' || ['free', 'pro', 'team'][(hash(i, 12) % 3)::INTEGER + 1]
                || '","seats":' || (hash(i, 13) % 50)::VARCHAR || '}}' AS props
        FROM range({count}) AS numbers(i)
    """  # noqa: S608 - a number of ours


class Pair(NamedTuple):
    """One question in both languages. `exact`: the same rows; else estimates (DuckDB's distinct counts err by a third)."""

    name: str
    kql: str
    sql: str
    exact: bool = True


PAIRS = [
    Pair("count", "T | count", "SELECT count(*) FROM T"),
    Pair("scan and sum", "T | summarize sum(bytes), max(ms)", "SELECT sum(bytes), max(ms) FROM T"),
    Pair(
        "filter by number",
        "T | where status == 500 and ms > 100 | count",
        "SELECT count(*) FROM T WHERE status = 500 AND ms > 100",
    ),
    Pair(
        "filter by time",
        "T | where ts between (datetime(2024-01-05) .. datetime(2024-01-06)) | summarize sum(bytes)",
        "SELECT sum(bytes) FROM T WHERE ts BETWEEN TIMESTAMP '2024-01-05' AND TIMESTAMP '2024-01-06'",
    ),
    Pair("filter by text", "T | where country == 'C07' | count", "SELECT count(*) FROM T WHERE country = 'C07'"),
    Pair(
        "filter by list",
        "T | where country in ('C01', 'C02', 'C03') and status != 200 | count",
        "SELECT count(*) FROM T WHERE country IN ('C01', 'C02', 'C03') AND status <> 200",
    ),
    Pair(
        "computed columns",
        "T | extend rate = bytes / ms, slow = ms > 50 | where slow | summarize avg(rate)",
        "SELECT avg(bytes / ms) FROM T WHERE ms > 50",
    ),
    Pair(
        "group by few", "T | summarize count(), avg(ms) by country", "SELECT country, count(*), avg(ms) FROM T GROUP BY country"
    ),
    Pair(
        "group by many",
        "T | summarize n = count(), sum(bytes) by user | summarize count(), max(n)",
        'SELECT count(*), max(n) FROM (SELECT "user", count(*) AS n, sum(bytes) FROM T GROUP BY "user")',
    ),
    Pair(
        "group by two",
        "T | summarize count(), sum(bytes), max(ms) by country, status",
        "SELECT country, status, count(*), sum(bytes), max(ms) FROM T GROUP BY country, status",
    ),
    Pair(
        "group by text",
        "T | summarize n = count() by url | sort by n desc, url asc | take 10",
        "SELECT url, count(*) AS n FROM T GROUP BY url ORDER BY n DESC, url LIMIT 10",
    ),
    Pair(
        "group by hour",
        "T | summarize count(), sum(bytes) by bin(ts, 1h)",
        "SELECT time_bucket(INTERVAL 1 HOUR, ts), count(*), sum(bytes) FROM T GROUP BY 1",
    ),
    Pair(
        "conditional counts",
        "T | summarize bad = countif(status >= 500), total = count(), b = sumif(bytes, ms > 20) by country",
        "SELECT country, count(*) FILTER (status >= 500), count(*), sum(bytes) FILTER (ms > 20) FROM T GROUP BY country",
    ),
    Pair("distinct count", "T | summarize dcount(user)", 'SELECT approx_count_distinct("user") FROM T', exact=False),
    Pair(
        "distinct count by key",
        "T | summarize dcount(user) by country",
        'SELECT country, approx_count_distinct("user") FROM T GROUP BY country',
        exact=False,
    ),
    Pair("exact distinct count", "T | summarize count_distinct(user)", 'SELECT count(DISTINCT "user") FROM T'),
    Pair("distinct", "T | distinct country, status | count", "SELECT count(*) FROM (SELECT DISTINCT country, status FROM T)"),
    Pair(
        "percentiles",
        "T | summarize percentiles(ms, 50, 95, 99)",
        "SELECT approx_quantile(ms, 0.5), approx_quantile(ms, 0.95), approx_quantile(ms, 0.99) FROM T",
        exact=False,
    ),
    Pair(
        "percentile by key",
        "T | summarize percentile(ms, 95) by country",
        "SELECT country, approx_quantile(ms, 0.95) FROM T GROUP BY country",
        exact=False,
    ),
    Pair("top", "T | top 100 by ms desc | project ts, user, ms", 'SELECT ts, "user", ms FROM T ORDER BY ms DESC LIMIT 100'),
    Pair(
        "latest of each",
        "T | summarize arg_max(ts, status) by country | project country",
        "SELECT country FROM (SELECT country, max(ts), arg_max(status, ts) FROM T GROUP BY country)",
    ),
    Pair(
        "join",
        "let U = T | summarize n = count() by user | where n > 200;"
        " T | join kind=inner U on user | summarize count(), sum(bytes)",
        'WITH U AS (SELECT "user", count(*) AS n FROM T GROUP BY "user" HAVING n > 200)'
        ' SELECT count(*), sum(bytes) FROM T JOIN U USING ("user")',
    ),
    Pair(
        "lookup",
        "let N = range i from 0 to 39 step 1 | project country = strcat('C', iff(i < 10, '0', ''), tostring(i)), zone = i % 4;"
        " T | lookup N on country | summarize sum(bytes) by zone",
        "WITH N AS (SELECT 'C' || lpad(i::VARCHAR, 2, '0') AS country, i % 4 AS zone FROM range(40) AS numbers(i))"
        " SELECT zone, sum(bytes) FROM T LEFT JOIN N USING (country) GROUP BY zone",
    ),
    Pair(
        "semi join",
        "T | where user in ((T | where ms > 2000 | distinct user)) | count",
        'SELECT count(*) FROM T WHERE "user" IN (SELECT DISTINCT "user" FROM T WHERE ms > 2000)',
    ),
    Pair(
        "make-series",
        "T | make-series n = count(), b = sum(bytes) on ts from datetime(2024-01-01) to datetime(2024-01-31) step 1h by country"
        " | summarize sum(array_length(n))",
        "WITH grid AS (SELECT country, t FROM (SELECT DISTINCT country FROM T),"
        " (SELECT unnest(range(TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-31', INTERVAL 1 HOUR)) AS t)),"
        " counted AS (SELECT country, time_bucket(INTERVAL 1 HOUR, ts) AS t, count(*) AS n, sum(bytes) AS b FROM T GROUP BY ALL)"
        " SELECT sum(len(n)) FROM (SELECT country, list(coalesce(n, 0) ORDER BY t) AS n, list(coalesce(b, 0) ORDER BY t) AS b"
        " FROM grid LEFT JOIN counted USING (country, t) GROUP BY country)",
    ),
    Pair(
        "string search",
        "T | where line has 'node-17' | count",
        r"SELECT count(*) FROM T WHERE regexp_matches(line, '(?i)\bnode-17\b')",
    ),
    Pair(
        "substring search",
        "T | where url contains '/item/99' | count",
        "SELECT count(*) FROM T WHERE contains(lower(url), '/item/99')",
    ),
    Pair(
        "regular expression",
        "T | where agent matches regex @'Agent 1[0-9]\\)' | count",
        r"SELECT count(*) FROM T WHERE regexp_matches(agent, 'Agent 1[0-9]\)')",
    ),
    Pair(
        "dynamic paths",
        "T | extend p = parse_json(props) | summarize sum(tolong(p.seats)) by plan = tostring(p.plan)",
        "SELECT props->>'$.plan' AS plan, sum((props->>'$.seats')::BIGINT) FROM T GROUP BY plan",
    ),
    Pair(
        "parse",
        "T | parse line with 'request ' id:long ' took ' took:long ' ms on ' node | summarize sum(took), count() by node",
        "SELECT found.node, sum(found.took::BIGINT), count(*) FROM (SELECT regexp_extract(line,"
        " '^request (\\d+) took (\\d+) ms on (.*)$', ['id', 'took', 'node']) AS found FROM T) GROUP BY 1",
    ),
]
