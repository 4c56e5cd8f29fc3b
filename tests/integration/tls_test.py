# SPDX-License-Identifier: MIT
"""rtmps with a CA made here, refusals before the first byte of RTMP, and IPv6."""
import socket
import threading

import certificates
import harness
from recording import Recording

RTMP_HELLO = 1537  # bytes of C0 and C1: with fewer no RTMP handshake has begun


class Recorder:
    """Passes TCP on to a port, which may change, and counts what the client sends."""

    def __init__(self, port):
        self.target = port
        self.received = 0
        self._passing = []
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
            self._passing += [client, server]
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

    def cut(self):
        """Ends what is connected now."""
        for connection in self._passing:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended by itself
        self._passing = []

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

    def dated(self, *days):
        authority = self.authority("ca")
        return authority, self.server(certificate=certificates.certificate(self.directory, authority, "IP:127.0.0.1", days))

    def test_not_yet_valid(self):
        """The clock of a board without a battery begins in the past, and is set while the program runs."""
        authority, server = self.dated(1, 3)
        push = self.run_push(server.url("rec", "test", scheme="rtmps"), "--source", "test", "--ca-file", authority, "--reconnect", "2x0.2")
        self.assertEqual(push.process.returncode, 4, str(push))
        codes = [code for code in push.codes() if code in (1102, 3003, -1307)]
        self.assertEqual(codes, [3003, 1102, 3003, 1102, 3003, -1307], str(push))
        for event in push.events("statechange"):
            if event["code"] == 3003:
                self.assertRegex(event["message"], r"not yet valid; this machine's clock says 20\d\d-\d\d-\d\d ", str(push))

    def test_expired(self):
        authority, server = self.dated(-3, -1)
        push = self.run_push(server.url("rec", "test", scheme="rtmps"), "--source", "test", "--ca-file", authority, "--reconnect", "2x0.2")
        self.assertEqual([code for code in push.codes() if code in (1102, 3003, -1307)], [3003, -1307], str(push))
        self.assertRegex(str(push), "expired; this machine's clock says", str(push))

    def test_captive_portal_in_an_outage(self):
        """What stands in the server's place for a while has a certificate of its own; nothing is said to it, and it is waited for."""
        authority, server = self.secure()
        place = self.directory / "portal"
        place.mkdir()
        portal = harness.rtmp_server.RtmpServer(self.directory / "other", certificate=certificates.certificate(
            place, certificates.authority(place, "stranger"), "IP:127.0.0.1")).start()
        self.addCleanup(portal.stop)
        way = Recorder(server.tls_port)
        self.addCleanup(way.close)
        push = self.push(f"rtmps://127.0.0.1:{way.port}/rec/test", "--source", "test", "--ca-file", authority, "--reconnect", "3x0.2")
        push.wait_code(1002)
        way.target = portal.tls_port
        way.cut()
        push.wait_code(1102, count=3)
        self.assertGreaterEqual(push.codes().count(3003), 2, str(push))
        way.target = server.tls_port
        push.wait_code(1002, count=2)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertNotIn(-1307, push.codes())
        self.assertEqual(portal.recordings("test"), [])

    def test_ipv6_literal(self):
        if not harness.processes.accepts_ipv6():
            self.skipTest("this machine has no IPv6 loopback")
        server = self.server(host="::1")
        self.assertIn("[::1]", server.url("rec", "test"))
        self.push_cleanly(server.url("rec", "test"), "--source", "test", "--duration", 3)
        self.assertEqual(Recording(harness.finished(server.recordings("test")[0])).decode_errors(), "")


if __name__ == "__main__":
    harness.main()
