"""The agent's own loop belongs here. `hookc run` does not start agents yet, so nothing calls this file."""

import sys

sys.exit("hookc does not run agents yet; `hookc test` plays helper.hook")
