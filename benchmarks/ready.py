"""The site's settings, with what benchmarks.pages needs: `?ready=1` renders a page's kept rows, and queries are counted."""

from cixi_xiezuo.settings import *  # noqa: F403
from cixi_xiezuo.settings import MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "benchmarks.ready_rows.ReadyRows"]
