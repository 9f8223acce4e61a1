"""Worker processes fail with an error, not with a hang."""

import multiprocessing

answer = attempt(lambda: multiprocessing.get_context("fork").Process(target=print).start())
