"""Work days of a country, and agendas for calendar programs (S2-27).

`work_days` knows holidays and the days that make up for them; what it returns is a
`WorkCalendar` of the core. `to_ical` writes an agenda as a file that Outlook, Google
Calendar and most others import.
"""

from __future__ import annotations

from keyaccount.exceptions import MissingExtraError


try:
    import holidays as _holidays
except ImportError as _error:
    raise MissingExtraError("calendar", "holidays") from _error
try:
    import icalendar as _icalendar
except ImportError as _error:
    raise MissingExtraError("calendar", "icalendar") from _error

from ._ical import to_ical
from ._work_days import work_days


__all__ = ["to_ical", "work_days"]


del _holidays, _icalendar
