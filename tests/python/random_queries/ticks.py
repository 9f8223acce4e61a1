"""Datetimes and timespans as whole numbers of 100 ns, and the calendar over them.

Source: KQL reference, the datetime and timespan types and the pages of the date functions.
"""

import calendar
import datetime
import re

from random_queries.values import Undefined, sticky

SECOND = 10**7
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
WEEK = 7 * DAY
LAST = 3155378975999999999  # 9999-12-31 23:59:59.9999999
UNIX = 621355968000000000  # 1970-01-01


def of(year, month=1, day=1, hour=0, minute=0, second=0, fraction=0):
    days = datetime.date(year, month, day).toordinal() - 1
    return days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction


def moment(ticks):
    """A datetime within the calendar; anything beyond it is left to the engine."""
    if not 0 <= ticks <= LAST:
        raise Undefined("a time beyond the calendar")
    return ticks


def date_of(ticks):
    return datetime.date.fromordinal(ticks // DAY + 1)


def datetime_text(ticks, digits=7):
    rest = ticks % DAY
    clock = f"{rest // HOUR:02}:{rest // MINUTE % 60:02}:{rest // SECOND % 60:02}"
    fraction = f".{rest % SECOND:07}"[: digits + 1] if digits else ""
    return f"{date_of(ticks).isoformat()}T{clock}{fraction}Z"


def timespan_text(ticks):
    size = abs(ticks)
    days = f"{size // DAY}." if size >= DAY else ""
    fraction = f".{size % SECOND:07}" if size % SECOND else ""
    clock = f"{size // HOUR % 24:02}:{size // MINUTE % 60:02}:{size // SECOND % 60:02}"
    return f"{'-' if ticks < 0 else ''}{days}{clock}{fraction}"


def read_datetime(text):
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?Z", text)
    *whole, fraction = found.groups()
    return of(*map(int, whole), int((fraction or "0").ljust(7, "0")))


def read_timespan(text):
    found = re.fullmatch(r"(-?)(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?", text)
    sign, days, hours, minutes, seconds, fraction = found.groups()
    ticks = int(days or 0) * DAY + int(hours) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND
    ticks += int((fraction or "0").ljust(7, "0"))
    return -ticks if sign else ticks


def add_months(ticks, months):
    """The same day of another month, or its last one."""
    date = date_of(ticks)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Undefined("a time beyond the calendar")
    day = min(date.day, calendar.monthrange(year, month + 1)[1])
    return of(year, month + 1, day) + ticks % DAY


def start_of(part, ticks, offset=0):
    date = date_of(ticks)
    if part == "day":
        return moment(ticks // DAY * DAY + offset * DAY)
    if part == "week":  # from Sunday on
        return moment(ticks // DAY * DAY - (date.isoweekday() % 7) * DAY + offset * WEEK)
    if part == "month":
        return add_months(of(date.year, date.month), offset)
    return add_months(of(date.year), 12 * offset)


def end_of(part, ticks, offset=0):
    """The last 100 ns of it."""
    return moment(start_of(part, ticks, offset + 1) - 1)


PARTS = {"week": WEEK, "day": DAY, "hour": HOUR, "minute": MINUTE, "second": SECOND}
PARTS |= {"millisecond": 10**4, "microsecond": 10}
MONTHS = {"year": 12, "quarter": 3, "month": 1}


def shifted(part, number, ticks):
    """datetime_add()"""
    if part in MONTHS:
        return add_months(ticks, MONTHS[part] * number)
    return moment(ticks + number * PARTS[part])


def boundaries(part, later, earlier):
    """datetime_diff(): how many starts of the part lie between."""
    if part in MONTHS:
        a, b = date_of(later), date_of(earlier)
        return (a.year * 12 + a.month - 1) // MONTHS[part] - (b.year * 12 + b.month - 1) // MONTHS[part]
    if part == "week":
        return (start_of("week", later) - start_of("week", earlier)) // WEEK
    return later // PARTS[part] - earlier // PARTS[part]


def part_of(part, ticks):
    """datetime_part()"""
    date, rest = date_of(ticks), ticks % DAY
    return {
        "year": date.year,
        "quarter": (date.month + 2) // 3,
        "month": date.month,
        "week_of_year": date.isocalendar()[1],
        "day": date.day,
        "dayofyear": date.timetuple().tm_yday,
        "hour": rest // HOUR,
        "minute": rest // MINUTE % 60,
        "second": rest // SECOND % 60,
        "millisecond": rest % SECOND // 10**4,
        "microsecond": rest % SECOND // 10,
        "nanosecond": rest % SECOND * 100,
    }[part]


FORMATS = ["yyyy-MM-dd", "yy/M/d HH:mm", "dd.MM.yyyy hh:mm:ss tt", "HH:mm:ss.fff", "s-fffffff", "H h m", "MM-dd [F]"]


def formatted(ticks, form):
    """format_datetime() of the specifiers above."""
    date, rest = date_of(ticks), ticks % DAY
    hour = rest // HOUR
    fraction = f"{rest % SECOND:07}"
    words = {
        "yyyy": f"{date.year:04}", "yy": f"{date.year % 100:02}", "MM": f"{date.month:02}", "M": str(date.month),
        "dd": f"{date.day:02}", "d": str(date.day), "HH": f"{hour:02}", "H": str(hour), "hh": f"{(hour + 11) % 12 + 1:02}",
        "h": str((hour + 11) % 12 + 1), "mm": f"{rest // MINUTE % 60:02}", "m": str(rest // MINUTE % 60),
        "ss": f"{rest // SECOND % 60:02}", "s": str(rest // SECOND % 60), "tt": "AM" if hour < 12 else "PM",
        "fffffff": fraction, "fff": fraction[:3], "F": "" if fraction[0] == "0" else fraction[0],
    }  # fmt: skip
    return re.sub(r"y+|M+|d+|H+|h+|m+|s+|t+|f+|F", lambda found: words[found[0]], form)


same_day = sticky(lambda a, b: a // DAY == b // DAY)
