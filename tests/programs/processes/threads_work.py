"""Honest use: a pool of threads."""

from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(4) as pool:
    answer = sum(pool.map(lambda x: x * x, range(10)))
