"""One partnership with something at every address, for tests that visit them all."""

from __future__ import annotations
