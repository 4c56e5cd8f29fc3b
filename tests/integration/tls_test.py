# SPDX-License-Identifier: MIT
"""rtmps with a CA made here, refusals before the first byte of RTMP, and IPv6."""
import socket
import threading

import certificates
import harness
from recording import Recording

RTMP_HELLO = 1537  # bytes of C0 and C1: with fewer no RTMP handshake has begun


class Recorder:
    """Passes TCP on to a port and counts what the client sends."""

    def __init__(self, port):
        self.target = port
        self.received = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source, target, count):
        try:
            while data := source.recv(65536):
                if count:
                    self.received += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self._listener.close()


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(openssl="openssl")

    def authority(self, name):
        return certificates.authority(self.directory, name)

    def secure(self, names="IP:127.0.0.1,DNS:localhost"):
        authority = self.authority("ca")
        return authority, self.server(certificate=certificates.certificate(self.directory, authority, names))

    def check_refused(self, server, *arguments):
        recorder = Recorder(server.tls_port)
        self.addCleanup(recorder.close)
        push = self.run_push(f"rtmps://127.0.0.1:{recorder.port}/rec/test", "--source", "test", "--duration", 3, *arguments)
        self.assertEqual(push.process.returncode, 4, str(push))
        self.assertIn(3003, push.codes())
        self.assertNotIn(1001, push.codes(), "a server that isn't trusted is not 'connected'")
        self.assertNotIn(1002, push.codes())
        self.assertGreater(recorder.received, 0, "nothing came as far as TLS")
        self.assertLess(recorder.received, RTMP_HELLO, "more was sent than a TLS handshake and its alert")
        self.assertEqual(server.recordings("test"), [])
        said = " ".join(event["message"] for event in push.events("statechange") if event["code"] == 3003)
        self.assertRegex(said.lower(), "certificate|issuer|host ?name|subject", "the message doesn't say what is wrong")

    def test_trusted_certificate(self):
        authority, server = self.secure()
        self.push_cleanly(server.url("rec", "test", scheme="rtmps"), "--source", "test", "--duration", 4, "--ca-file", authority)
        recording = Recording(harness.finished(server.recordings("test")[0]))
        self.assertGreater(recording.length(recording.video), 2)
        self.assertEqual(recording.decode_errors(), "")

    def test_untrusted_certificate_sends_no_rtmp(self):
        _, server = self.secure()
        self.check_refused(server, "--ca-file", self.authority("stranger"))

    def test_system_trust_refuses(self):
        _, server = self.secure()
        self.check_refused(server)

    def test_wrong_host_sends_no_rtmp(self):
        authority, server = self.secure(names="DNS:wrong.invalid")
        self.check_refused(server, "--ca-file", authority)

    def test_ipv6_literal(self):
        if not harness.processes.accepts_ipv6():
            self.skipTest("this machine has no IPv6 loopback")
        server = self.server(host="::1")
        self.assertIn("[::1]", server.url("rec", "test"))
        self.push_cleanly(server.url("rec", "test"), "--source", "test", "--duration", 3)
        self.assertEqual(Recording(harness.finished(server.recordings("test")[0])).decode_errors(), "")


if __name__ == "__main__":
    harness.main()
