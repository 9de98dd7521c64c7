"""moto_in_turn.py PORT: moto's server, one request at a time, with a thread for each connection.

moto compares ETags first and writes then, and replaces a value while another thread reads it: now and then a condition
that fails is taken for one that holds, or a read for an error of the server. No bucket does either. Runs under the Python
of moto's own environment.
"""

import io
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

served = DomainDispatcherApplication(create_backend_app)
turn = threading.Lock()


def in_turn(environment, start_response):
    # Nobody waits for a client that sends slowly.
    if length := environment.get("CONTENT_LENGTH"):
        environment["wsgi.input"] = io.BytesIO(environment["wsgi.input"].read(int(length)))
    with turn:
        return list(served(environment, start_response))


run_simple("127.0.0.1", int(sys.argv[1]), in_turn, threaded=True, request_handler=MotoRequestHandler)
