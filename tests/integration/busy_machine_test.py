# SPDX-License-Identifier: MIT
"""A machine that has too much to do, be it ours or the server's: what is late there is not the line's fault."""
import socket
import threading
import time

import harness
import media

BEGAN, SIZE, BITRATE, SLOW = 1002, 1005, 1006, 1101


class HeldUp:
    """Between the push and a server: once media flow it takes nothing for `still` s, then all there is for `awake` s, and so on."""

    def __init__(self, case, port, still, awake):
        self._port, self._still, self._awake, self._over = port, still, awake, threading.Event()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)  # a window that is soon shut
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.held = 0
        self.url = f"rtmp://127.0.0.1:{self._listener.getsockname()[1]}/live/busy"
        case.addCleanup(self._listener.close)
        case.addCleanup(self._over.set)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        try:
            client, _ = self._listener.accept()
        except OSError:
            return  # the test is over
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            back = threading.Thread(target=self._carry, args=(server, client, False), daemon=True)
            back.start()
            self._carry(client, server, True)
            back.join()

    def _carry(self, source, target, holds):
        begun, carried = None, 0
        try:
            while data := source.recv(65536):
                target.sendall(data)
                carried += len(data)
                if holds and carried > 200_000 and begun is None:
                    begun = time.monotonic()
                if begun is not None and time.monotonic() - begun > self._awake:
                    self._over.wait(self._still)
                    self.held += 1
                    begun = time.monotonic()
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one side is gone: the push has ended, or the test


class Test(harness.Case):
    def test_a_server_that_is_held_up_is_no_slow_line(self):
        source, words = media.source_file(640, 360, 25, 12)
        print(f"pushing {words}")
        server = HeldUp(self, self.server().rtmp_port, still=1.0, awake=1.2)
        push = self.push(server.url, "--source", f"file:{source}", "--loop", "--mode", "SD", "--max-bitrate", "1500")
        push.wait_code(BEGAN)
        time.sleep(12)
        push.interrupt().wait()
        self.assertEqual(push.process.returncode, 0, str(push))
        print(f"held up {server.held} times")
        self.assertGreaterEqual(server.held, 3, "too little was pushed to say anything")
        for code in (SLOW, BITRATE, SIZE):
            self.assertNotIn(code, push.codes(), str(push))


if __name__ == "__main__":
    harness.main()
