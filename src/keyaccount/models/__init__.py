"""One business question a room, and no door between rooms.

Ask them by their module: `keyaccount.tiering.classify(…)`. What one needs from
another's answer it takes as a value; `keyaccount.book` is where they meet.
"""
