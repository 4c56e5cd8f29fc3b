# SPDX-License-Identifier: MIT
"""Pushing through SOCKS5 and HTTP proxies and from a chosen interface, and what is said when that fails."""
import functools
import http.server
import socket
import sys
import threading

import certificates
import harness
import listening
import pictures
from http_receiver import HttpReceiver
from proxies import ConnectProxy, Socks5Proxy
from mjpeg_camera import MjpegCamera
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

LOGIN = ("studio", "hunter2hunter2")
NETWORK = 4
NOWHERE = "http://127.0.0.1:1"  # a proxy that nobody has
ENVIRONMENT = {name: NOWHERE for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}


class SourceRecorder:
    """Listens, keeps the address that each client comes from, and hangs up."""

    def __init__(self, host="127.0.0.1"):
        self.sources = []
        self._listener = socket.create_server((host, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, address = self._listener.accept()
            except OSError:
                return
            self.sources.append(address[0])
            client.close()

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class Shelf(http.server.SimpleHTTPRequestHandler):
    """A folder over HTTP; the server's `clients` are the addresses that each file was asked for from."""

    def do_GET(self):
        self.server.clients.append((self.path.split("?")[0], self.client_address[0]))
        super().do_GET()

    def log_message(self, *_):
        pass


class Test(harness.Case):
    def shelf(self):
        """Serves this test's directory."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Shelf, directory=str(self.directory)))
        server.clients = []
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def camera(self):
        camera = MjpegCamera()
        self.addCleanup(camera.stop)
        return camera

    def encrypted_list(self):
        """A list (HLS) whose pieces are encrypted, and which the other files are made from as well."""
        (self.directory / "hls.key").write_bytes(bytes(range(16)))
        (self.directory / "keys").write_text(f"hls.key\n{self.directory / 'hls.key'}\n")
        harness.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=4", "-f", "lavfi", "-i",
                     "sine=d=4", "-c:v", "libx264", "-g", 25, "-c:a", "aac", "-f", "hls", "-hls_time", 1, "-hls_list_size", 0,
                     "-hls_key_info_file", self.directory / "keys", self.directory / "all.m3u8"])
        self.assertIn("METHOD=AES-128", (self.directory / "all.m3u8").read_text())
        return "all.m3u8"

    def fetch_all(self, base, out, *options, env=None):
        """Pushes a camera from base("camera") with image and music from base("image") and base("music"), then a list."""
        control = self.directory / f"{out}.control"
        push = self.push(self.directory / f"{out}.flv", "--video-source", f"camera:{base('camera')}/video", "--audio-source", "test",
                         "--waiting-image", f"{base('image')}/image.png?token={LOGIN[1]}", "--log-level", "trace",
                         "--control", control, *options, env=env)
        push.wait_code(1002)
        line = Control(control)
        self.addCleanup(line.close)
        self.assertTrue(line.ask({"method": "playBGM", "url": f"{base('music')}/song.wav?token={LOGIN[1]}"})["ok"], str(push))
        self.assertEqual(push.interrupt().wait(10), 0, str(push))
        self.assertEqual(push.events("error"), [], str(push))
        played = self.push_cleanly(self.directory / f"{out}-list.flv", "--source", f"file:{base('list')}/{self.encrypted_list()}",
                                   "--log-level", "trace", *options, env=env)
        recording = Recording(self.directory / f"{out}-list.flv")
        self.assertEqual(recording.decode_errors(), "")
        self.assertGreater(recording.length(recording.video), 3)
        self.assertNotIn(LOGIN[1], push.stdout + push.stderr + played.stdout + played.stderr)

    def test_what_is_fetched_goes_through_too(self):
        harness.need_commands(ffmpeg="ffmpeg")
        listening.write_tone(self.directory / "song.wav", 440, 2, -10)
        pictures.four_fields(self.directory / "image.png", (64, 64), (0xDC2828, 0x28C828, 0x2828DC, 0xF0F0F0))
        camera, shelf = self.camera(), self.shelf()
        ports = {"camera": camera.port, "image": shelf.server_port, "music": shelf.server_port, "list": shelf.server_port}
        names = {f"{name}.invalid": "127.0.0.1" for name in ports}
        for kind, scheme in ((Socks5Proxy, "socks5h"), (ConnectProxy, "http")):
            with self.subTest(scheme):
                proxy = self.proxy(kind, names=names, login=LOGIN)
                self.fetch_all(lambda name: f"http://{name}.invalid:{ports[name]}", scheme, "--proxy", proxy.url(scheme, LOGIN),
                               env=ENVIRONMENT)
                self.assertEqual(set(proxy.targets), {(f"{name}.invalid", port) for name, port in ports.items()})
        self.fetch_all(lambda name: f"http://127.0.0.1:{ports[name]}", "straight", env=ENVIRONMENT)
        self.assertGreater(len(proxy.targets), 4, "each piece of a list is fetched")
        shelf.clients.clear()
        self.fetch_all(lambda name: f"http://127.0.0.1:{ports[name]}", "bound", "--network-interface", "127.0.0.9")
        self.assertEqual({client for _, client in shelf.clients}, {"127.0.0.9"}, shelf.clients)
        self.assertLess({"/image.png", "/song.wav", "/all.m3u8", "/hls.key", "/all0.ts"}, {path for path, _ in shelf.clients})

    def test_a_camera_that_no_proxy_holds_for_is_told(self):
        recorder = self.recorder()
        push = self.run_push(self.directory / "out.flv", "--video-source", f"camera:rtsp://viewer:{LOGIN[1]}@127.0.0.1:{recorder.port}/live",
                             "--audio-source", "test", "--proxy", NOWHERE)
        self.assertEqual(recorder.sources, ["127.0.0.1"])
        self.assertIn("proxy and networkInterface don't hold for rtsp: it is connected to directly", push.stderr)
        self.assertNotIn(LOGIN[1], push.stdout + push.stderr)

    def proxy(self, kind, **options):
        proxy = kind(**options)
        self.addCleanup(proxy.stop)
        return proxy

    def recorder(self):
        recorder = SourceRecorder()
        self.addCleanup(recorder.stop)
        return recorder

    def push_through(self, url, through, *arguments, seconds=1):
        return self.push_cleanly(url, "--source", "test", "--duration", seconds, "--proxy", through, *arguments, env=ENVIRONMENT)

    def refused(self, url, through, *arguments, code=3002, permanent=True):
        """The one message of a push that `through` doesn't let out."""
        push = self.run_push(url, "--source", "test", "--duration", 20, "--reconnect", "1x0.2", "--log-level", "trace",
                             "--proxy", through, *arguments)
        self.assertEqual(push.process.returncode, NETWORK, str(push))
        self.assertEqual([each for each in push.codes() if each in (1001, 1002)], [], str(push))
        self.assertEqual(push.codes().count(code), 1 if permanent else 2, str(push))
        self.assertEqual(push.codes().count(-1307), 1, str(push))
        self.assertNotIn(LOGIN[1], push.stdout + push.stderr)
        return next(event["message"] for event in push.events("statechange") if event["code"] == code)

    def check_recorded(self, server, name):
        recording = Recording(harness.finished(server.recordings(name)[0]))
        self.assertGreater(recording.length(recording.video), 0.4)
        self.assertEqual(recording.decode_errors(), "")

    def test_rtmp_goes_through_each_kind(self):
        server = self.server()
        cases = {"socks": (Socks5Proxy, {}, "socks5"), "socksname": (Socks5Proxy, {"login": LOGIN}, "socks5h"),
                 "connect": (ConnectProxy, {}, "http"), "basic": (ConnectProxy, {"login": LOGIN}, "http"),
                 "digest": (ConnectProxy, {"login": LOGIN, "digest": True}, "http")}
        for name, (kind, options, scheme) in cases.items():
            with self.subTest(name):
                # A name that only the proxy knows, where the proxy looks names up.
                known = scheme != "socks5"
                proxy = self.proxy(kind, names={"media.invalid": "127.0.0.1"}, **options)
                host = "media.invalid" if known else "127.0.0.1"
                push = self.push_through(f"rtmp://{host}:{server.rtmp_port}/rec/{name}", proxy.url(scheme, options.get("login")))
                self.assertEqual(proxy.targets, [(host, server.rtmp_port)])
                sent = push.events("netstatus")[-1]["info"]["bytesSent"]
                self.assertGreater(sent, 10_000)
                self.assertGreaterEqual(proxy.sent, sent)
                self.assertEqual(push.events("netstatus")[-1]["info"]["serverIp"], "127.0.0.1")
                self.check_recorded(server, name)

    def test_tls_is_with_the_server_itself(self):
        harness.need_commands(openssl="openssl")
        authority = certificates.authority(self.directory, "ca")
        server = self.server(certificate=certificates.certificate(self.directory, authority, "DNS:media.invalid"))
        stranger = certificates.authority(self.directory, "stranger")
        for name, kind, scheme in (("socks", Socks5Proxy, "socks5h"), ("connect", ConnectProxy, "http")):
            with self.subTest(name):
                proxy = self.proxy(kind, names={"media.invalid": "127.0.0.1", "other.invalid": "127.0.0.1"}, login=LOGIN)
                url = f"rtmps://media.invalid:{server.tls_port}/rec/{name}"
                self.push_through(url, proxy.url(scheme, LOGIN), "--ca-file", authority)
                self.check_recorded(server, name)
                self.assertEqual(proxy.targets, [("media.invalid", server.tls_port)])
                for wrong, trust in ((url, stranger), (url.replace("media", "other"), authority)):
                    said = self.refused(wrong, proxy.url(scheme, LOGIN), "--ca-file", trust, code=3003)
                    self.assertRegex(said.lower(), "certificate|issuer|host ?name|subject")
                self.assertEqual(len(server.recordings(name)), 1)

    def test_http_flv_goes_through_each_kind(self):
        receiver = HttpReceiver(self.directory / "received")
        self.addCleanup(receiver.stop)
        for name, kind, scheme in (("socks", Socks5Proxy, "socks5h"), ("connect", ConnectProxy, "http")):
            with self.subTest(name):
                proxy = self.proxy(kind, names={"media.invalid": "127.0.0.1"}, login=LOGIN)
                self.push_through(f"http://media.invalid:{receiver.port}/live/{name}.flv", proxy.url(scheme, LOGIN))
                self.assertEqual(Recording(receiver.directory / f"{name}.flv").decode_errors(), "")
                self.assertEqual(proxy.targets, [("media.invalid", receiver.port)])
                said = self.refused(f"http://media.invalid:{receiver.port}/live/no.flv", proxy.url(scheme, (LOGIN[0], "wrong")))
                self.assertIn("proxy", said)
        self.assertEqual(len(receiver.requests), 2)
        self.assertNotIn("Proxy-Authorization", str(receiver.requests), "the password is the proxy's alone")

    def test_refusals_say_that_it_was_the_proxy(self):
        server = self.recorder()
        url = f"rtmp://127.0.0.1:{server.port}/live/test"
        cases = [
            (Socks5Proxy, {"login": LOGIN}, (LOGIN[0], "wrong"), True, "refused the user or the password"),
            (Socks5Proxy, {"login": LOGIN}, None, True, "another way to log in"),
            (Socks5Proxy, {"refuse": 2}, None, True, "rules"),
            (Socks5Proxy, {"refuse": 5}, None, False, "refused its connection"),
            (ConnectProxy, {"login": LOGIN}, (LOGIN[0], "wrong"), True, "HTTP 407 Proxy Authentication Required"),
            (ConnectProxy, {"login": LOGIN, "digest": True}, (LOGIN[0], "wrong"), True, "HTTP 407"),
            (ConnectProxy, {"refuse": f"403 Go away {LOGIN[1]}"}, LOGIN, True, "HTTP 403 Go away ***"),
            (ConnectProxy, {"refuse": "503 Busy"}, None, False, "HTTP 503 Busy"),
        ]
        for kind, options, login, permanent, words in cases:
            with self.subTest(words):
                proxy = self.proxy(kind, **options)
                said = self.refused(url, proxy.url(login=login), permanent=permanent)
                self.assertIn(words, said)
                self.assertIn(f"the proxy {proxy.scheme}://127.0.0.1:{proxy.port}", said)
                self.assertEqual(proxy.targets, [])
        self.assertEqual(server.sources, [], "the proxy was gone around")

    def test_a_proxy_that_is_not_there(self):
        server = self.recorder()
        url = f"rtmp://127.0.0.1:{server.port}/live/test"
        port, = harness.processes.free_ports(1)
        for scheme in ("socks5", "http"):
            with self.subTest(scheme):
                said = self.refused(url, f"{scheme}://{LOGIN[0]}:{LOGIN[1]}@127.0.0.1:{port}", permanent=False)
                self.assertIn(f"can't connect to the proxy {scheme}://127.0.0.1:{port}: Connection refused", said)
                said = self.refused(url, f"{scheme}://{LOGIN[0]}:{LOGIN[1]}@proxy.invalid:{port}", code=3001, permanent=False)
                self.assertIn("can't resolve the proxy", said)
        said = self.refused("rtmp://media.invalid/live/test", self.proxy(Socks5Proxy).url(), code=3001, permanent=False)
        self.assertIn("can't resolve media.invalid", said)
        self.assertEqual(server.sources, [], "the proxy was gone around")

    def test_the_environment_alone_means_nothing(self):
        server = self.server()
        self.push_cleanly(server.url("rec", "test"), "--source", "test", "--duration", 1, env=ENVIRONMENT)
        proxy = self.proxy(Socks5Proxy)
        self.push_cleanly(server.url("rec", "through"), "--source", "test", "--duration", 1, "--proxy", proxy.url(),
                          env={"no_proxy": "*", "NO_PROXY": "*"})
        self.assertEqual(len(proxy.targets), 1, "an exception from the environment was followed")

    def test_network_interface(self):
        recorder = self.recorder()
        url = f"rtmp://127.0.0.1:{recorder.port}/live/test"
        for wanted, seen in (("127.0.0.2", "127.0.0.2"), ("lo", "127.0.0.1")):
            with self.subTest(wanted):
                recorder.sources.clear()
                self.run_push(url, "--source", "test", "--duration", 20, "--reconnect", "off", "--network-interface", wanted)
                self.assertEqual(recorder.sources, [seen])
        recorder.sources.clear()
        for wrong in ("wlan77", "192.0.2.7"):
            for target in (url, url.replace("rtmp:", "http:") + ".flv"):
                with self.subTest(f"{wrong} {target}"):
                    push = self.run_push(target, "--source", "test", "--duration", 20, "--reconnect", "1x0.2",
                                         "--network-interface", wrong)
                    self.assertEqual(push.process.returncode, NETWORK, str(push))
                    self.assertEqual([code for code in push.codes() if code in (1001, 1102, 3002, -1307)], [3002, -1307], str(push))
                    said = next(each["message"] for each in push.events("statechange") if each["code"] == 3002)
                    self.assertIn(f'networkInterface "{wrong}"', said)
        self.assertEqual(recorder.sources, [])

    def test_an_interface_towards_a_proxy(self):
        recorder = self.recorder()
        self.run_push("rtmp://media.invalid/live/test", "--source", "test", "--duration", 20, "--reconnect", "off",
                      "--proxy", f"http://127.0.0.1:{recorder.port}", "--network-interface", "127.0.0.2")
        self.assertEqual(recorder.sources, ["127.0.0.2"])

    def test_a_password_never_shows(self):
        server = self.server()
        proxy = self.proxy(ConnectProxy, login=LOGIN)
        for json_events in (True, False):
            push = self.push(server.url("live", "test"), "--source", "test", "--duration", 1, "--log-level", "trace",
                             "--proxy", proxy.url(login=LOGIN), json_events=json_events)
            harness.processes.wait_for(lambda: push.stderr, 10, "the first word")
            with open(f"/proc/{push.process.pid}/cmdline") as arguments:
                self.assertNotIn(LOGIN[1], arguments.read(), "anyone on this machine could read it")
            push.wait()
            self.assertEqual(push.process.returncode, 0, str(push))
            self.assertNotIn(LOGIN[1], push.stdout + push.stderr)
        self.assertEqual(len(proxy.targets), 2)
        for wrong in (proxy.url("ftp", LOGIN), f"http://{LOGIN[0]}:{LOGIN[1]}@127.0.0.1", f"http://{LOGIN[0]}:{LOGIN[1]}@"):
            push = self.run_push(server.url("live", "test"), "--source", "test", "--duration", 1, "--log-level", "trace",
                                 "--proxy", wrong)
            self.assertNotEqual(push.process.returncode, 0)
            self.assertNotIn(LOGIN[1], push.stdout + push.stderr)
            self.assertIn("proxy", push.stdout + push.stderr)
        shown = self.run_push(server.url("live", "test"), "--source", "test", "--print-config", "--proxy", proxy.url(login=LOGIN),
                              json_events=False)
        self.assertNotIn(LOGIN[1], shown.stdout + shown.stderr)
        self.assertIn("proxy", shown.stdout)


if __name__ == "__main__":
    harness.main()
