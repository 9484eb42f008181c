"""Settings of gunicorn: ``gunicorn --config config/runtime/gunicorn.py config.wsgi``.

``WEB_CONCURRENCY`` and ``WEB_THREADS`` set the number of processes and of threads in each.
"""

import gc
import os

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
preload_app = True  # loaded once, shared by all processes
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 5000  # a worker is replaced now and then, so that a slow leak stays small
max_requests_jitter = 500
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
accesslog = os.environ.get("ACCESS_LOG") or None
logger_class = "config.runtime.log_masking.MaskedLogger"
control_socket_disable = True


def when_ready(_server: object) -> None:
    """Before the first fork: leave what is loaded out of garbage collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
