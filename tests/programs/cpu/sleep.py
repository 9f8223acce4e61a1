"""Doing nothing takes time as well."""

import time

time.sleep(3600)
