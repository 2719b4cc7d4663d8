"""Times as text, and cron."""
import datetime

from .settings import ConfigError

UTC = datetime.timezone.utc
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def now():
    return datetime.datetime.now(UTC)


def to_text(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _field(text, low, high, cron):
    numbers = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("%d-%d" % (low, high) if span == "*" else span).partition("-")
        try:
            start, end, stride = int(first), int(last or first), int(step or 1)
        except ValueError:
            raise ConfigError(f'"{cron}" is no cron schedule: {part}') from None
        if step and not last:
            end = high
        if not (low <= start <= end <= high and stride > 0):
            raise ConfigError(f'"{cron}" is no cron schedule: {part}')
        numbers.update(range(start, end + 1, stride))
    return numbers


def parse_cron(cron):
    fields = cron.split()
    if len(fields) != 5:
        raise ConfigError(f'"{cron}" is no cron schedule: it must have five fields')
    return [_field(field, low, high, cron) for field, (low, high) in zip(fields, RANGES)]


def next_run(cron, after):
    """The first whole minute after `after` that the schedule names."""
    minutes, hours, days, months, weekdays = parse_cron(cron)
    weekdays = {day % 7 for day in weekdays}
    moment = after.astimezone(UTC).replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)
    end = moment + datetime.timedelta(days=1500)
    while moment < end:
        if moment.month not in months or moment.day not in days or (moment.weekday() + 1) % 7 not in weekdays:
            moment = moment.replace(hour=0, minute=0) + datetime.timedelta(days=1)
        elif moment.hour not in hours:
            moment = moment.replace(minute=0) + datetime.timedelta(hours=1)
        elif moment.minute not in minutes:
            moment += datetime.timedelta(minutes=1)
        else:
            return moment
    raise ConfigError(f'the schedule "{cron}" never comes')
