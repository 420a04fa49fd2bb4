# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake as a program: copy this folder somewhere, and beside it run C(python3 -m heketi --port 8080).

It needs Python's own library only, and its imports are relative so that it runs outside of the collection, too.

Keys come from the environment, as heketi's own do: HEKETI_ADMIN_KEY and HEKETI_USER_KEY. SIGUSR2 ends the read-only
mode, as it does with the real one; SIGHUP stands for a restart.
"""

import argparse
import os
import random
import signal

from .serve import Server
from .service import Heketi, random_ids


def main():
    parser = argparse.ArgumentParser(prog="heketi", description="A test server that behaves as heketi 9.0.0 does.")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--certificate", help="PEM file; with it the server speaks TLS")
    parser.add_argument("--key", help="PEM file of the certificate's key")
    parser.add_argument("--duration", type=float, default=0.2, help="seconds that a queued request takes")
    parser.add_argument("--device-size", type=int, default=500, help="GiB of each device")
    arguments = parser.parse_args()
    app = Heketi(
        os.environ.get("HEKETI_ADMIN_KEY", "adminkey"),
        os.environ.get("HEKETI_USER_KEY", "userkey"),
        ids=random_ids(random.getrandbits(64)),
        duration=arguments.duration,
        device_size=arguments.device_size * 1024 * 1024,
    )
    server = Server(app, (arguments.address, arguments.port), arguments.certificate, arguments.key)
    signal.signal(signal.SIGUSR2, lambda *_: setattr(app, "mode", "normal"))
    signal.signal(signal.SIGHUP, lambda *_: app.restart())
    print("heketi listens at %s" % server.url, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
