#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a subscriber gets from a real server is what was pushed, byte for byte."""
import http.server
import json
import ssl
import subprocess
import threading
import time

import certificates
import flv
import harness
import processes
import proxies

SIZE = ("--video-width", 320, "--video-height", 180)
SECONDS = 4


def fnv(data):
    value = 14695981039346656037
    for byte in data:
        value = (value ^ byte) * 1099511628211 % 2**64
    return str(value)


def units(tags):
    """[(track, kind, dts, hash)] of a file's H.264 and AAC."""
    found = []
    for tag in tags:
        if tag.type == flv.VIDEO:
            kind = "config" if tag.body[1] == 0 else "key" if tag.body[0] == 0x17 else "delta"
            found.append(("video", kind, tag.time, fnv(tag.body[5:])))
        elif tag.type == flv.AUDIO:
            found.append(("audio", "config" if tag.body[1] == 0 else "key", tag.time, fnv(tag.body[2:])))
    return found


def received(out):
    return [(track, kind, dts, hashed) for track, kind, dts, _, _, hashed in out["packets"]]


def media(all_units):
    """Without configurations, which servers repeat."""
    return [unit for unit in all_units if unit[1] != "config"]


class Test(harness.Case):
    def subscribe(self, url, seconds, *more):
        out, err = self.directory / "subscribed.json", self.directory / "subscribed.err"
        with open(out, "wb") as to, open(err, "wb") as errors:
            child = self.spawn([harness.tool("LIVEPUSHER_SUBSCRIBE"), url, str(seconds), *more], stdout=to, stderr=errors)
        return child, out, err

    def finish(self, subscribed, within=40):
        child, out, err = subscribed
        child.wait(within)
        text = out.read_text()
        self.assertTrue(text, err.read_text())
        return json.loads(text)

    def await_ready(self, subscribed):
        child, _, err = subscribed
        processes.wait_for(lambda: "ready" in err.read_text() or child.poll() is not None, 15, "the subscriber to play")

    def check_same(self, pushed, out):
        """All of what was pushed from where the subscriber came in, and nothing else."""
        given, got = units(pushed), received(out)
        for track in ("video", "audio"):
            theirs = [unit for unit in media(given) if unit[0] == track]
            ours = [unit for unit in media(got) if unit[0] == track]
            self.assertGreater(len(ours), len(theirs) // 2)
            # nginx-rtmp counts time from where it began to hear: each track is the other moved by one number.
            begin = next(at for at, unit in enumerate(theirs) if unit[3] == ours[0][3])
            theirs = theirs[begin:]
            self.assertEqual([unit[3] for unit in ours], [unit[3] for unit in theirs][:len(ours)])
            self.assertGreaterEqual(len(ours), len(theirs) - 3)
            moved = {ours[i][2] - theirs[i][2] for i in range(len(ours))}
            self.assertLessEqual(max(moved) - min(moved), 1, f"{track}: {moved}")
            configs = {unit[3] for unit in given if unit[:2] == (track, "config")}
            self.assertEqual({unit[3] for unit in got if unit[:2] == (track, "config")}, configs)
        self.assertEqual([unit[1] for unit in got if unit[0] == "video"][:2], ["config", "key"])
        print(f"{len(got)} packets, {out['received']} bytes, as pushed")

    def play_from_nginx(self, url, server, push_url, *more):
        # Waits for the stream, which is not there yet: nginx-rtmp takes that, and is silent.
        subscribed = self.subscribe(url, SECONDS + 4, *more)
        self.await_ready(subscribed)
        self.push_cleanly(push_url, "--source", "test", *SIZE, "--duration", SECONDS)
        out = self.finish(subscribed)
        self.assertIsNone(out["error"])
        self.assertEqual(out["events"][:2], ["connected", "playing"])
        self.assertIn("stream began", out["events"])
        self.assertIn("publisher left", out["events"])
        self.assertEqual(out["metadata"]["width"], 320)
        self.assertEqual(out["server"], "127.0.0.1")
        recording, = server.recordings("stream")
        self.check_same(flv.read(harness.finished(recording))[1], out)

    def test_rtmp(self):
        server = self.server()
        self.play_from_nginx(server.url("rec", "stream"), server, server.url("rec", "stream"))

    def test_rtmps(self):
        ca = certificates.authority(self.directory, "ca")
        server = self.server(certificate=certificates.certificate(self.directory, ca, "IP:127.0.0.1"))
        url = server.url("rec", "stream", scheme="rtmps")
        self.play_from_nginx(url, server, server.url("rec", "stream"), ca)
        refused = self.finish(self.subscribe(url, 3))
        self.assertEqual(refused["error"]["code"], 3003)

    def test_joins_a_stream_in_its_middle(self):
        server = self.server()
        push = self.push(server.url("rec", "stream"), "--source", "test", *SIZE, "--duration", SECONDS + 3)
        push.wait_code(1002)
        time.sleep(1.5)
        out = self.finish(self.subscribe(server.url("rec", "stream"), SECONDS + 5))
        self.assertEqual(push.wait(), 0, str(push))
        self.assertIsNone(out["error"])
        recording, = server.recordings("stream")
        self.check_same(flv.read(harness.finished(recording))[1], out)

    def test_a_server_that_dies(self):
        server = self.server()
        self.push(server.url("live", "stream"), "--source", "test", *SIZE)
        subscribed = self.subscribe(server.url("live", "stream"), 20)
        self.await_ready(subscribed)
        time.sleep(1)
        server.kill()
        out = self.finish(subscribed)
        self.assertIn(out["error"]["code"], (3004, 3005))
        self.assertGreater(len(out["packets"]), 10)
        gone = self.finish(self.subscribe(server.url("live", "stream"), 5))
        self.assertEqual(gone["error"]["code"], 3002)

    def test_flv_files_and_http(self):
        path = self.directory / "pushed.flv"
        self.push_cleanly(f"file:{path}", "--source", "test", *SIZE, "--duration", 2)
        pushed = flv.read(path)[1]
        file = self.finish(self.subscribe(path, 10))
        self.assertTrue(file["ended"])
        self.assertEqual(received(file), units(pushed))

        fetched = self.finish(self.subscribe(self.http(path.read_bytes()), 10))
        self.assertTrue(fetched["ended"])
        self.assertEqual(received(fetched), units(pushed))
        print(f"{len(pushed)} tags, by file and by HTTP")

    def http(self, body, certificate=None, redirect=None):
        """The URL at which a server gives this body in chunks, or sends on."""
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if redirect:
                    self.send_response(302)
                    self.send_header("Location", redirect)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for at in range(0, len(body), 7919):
                    part = body[at:at + 7919]
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # who doesn't trust the certificate leaves

        server = Server(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/live/x.flv"

    def test_https_and_proxies(self):
        path = self.directory / "pushed.flv"
        self.push_cleanly(f"file:{path}", "--source", "test", *SIZE, "--duration", 1)
        body, pushed = path.read_bytes(), units(flv.read(path)[1])
        ca = certificates.authority(self.directory, "ca")
        certificate = certificates.certificate(self.directory, ca, "IP:127.0.0.1")
        https, plain = self.http(body, certificate), self.http(body)
        self.assertEqual(received(self.finish(self.subscribe(https, 10, ca))), pushed)
        strangers = self.finish(self.subscribe(https, 10))
        self.assertEqual((strangers["error"]["code"], strangers["events"]), (3003, []))
        down = self.finish(self.subscribe(self.http(b"", certificate, redirect=plain), 10, ca))
        self.assertEqual((down["error"]["code"], down["error"]["native"]), (3004, 3))
        self.assertIn("from https to http", down["error"]["message"])
        up = self.finish(self.subscribe(self.http(b"", redirect=https), 10, ca))
        self.assertEqual(received(up), pushed)
        for kind in (proxies.ConnectProxy, proxies.Socks5Proxy):
            for url in (plain, https):
                proxy = kind()
                self.addCleanup(proxy.stop)
                out = self.finish(self.subscribe(url, 10, ca, proxy.url()))
                self.assertEqual(received(out), pushed)
                self.assertEqual(len(proxy.targets), 1)
                self.assertGreater(proxy.received, len(body))
        refusing = proxies.ConnectProxy(login=("me", "secret"))
        self.addCleanup(refusing.stop)
        out = self.finish(self.subscribe(plain, 10, ca, refusing.url()))
        self.assertEqual((out["error"]["code"], out["events"]), (3002, []))
        server = self.server()
        proxy = proxies.Socks5Proxy()
        self.addCleanup(proxy.stop)
        push = self.push(server.url("live", "stream"), "--source", "test", *SIZE, "--duration", 4)
        push.wait_code(1002)
        out = self.finish(self.subscribe(server.url("live", "stream"), 2, ca, proxy.url()))
        self.assertGreater(len(out["packets"]), 10)
        self.assertEqual(len(proxy.targets), 1)

    def test_what_ffmpeg_pushes(self):
        """B-frames, and the chunks and times of another writer."""
        harness.need_commands(ffmpeg="ffmpeg")
        server = self.server()
        subscribed = self.subscribe(server.url("rec", "stream"), SECONDS + 4)
        self.await_ready(subscribed)
        subprocess.run(["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i", "sine",
                        "-t", str(SECONDS), "-c:v", "libx264", "-bf", "2", "-g", "25", "-c:a", "aac", "-f", "flv",
                        server.url("rec", "stream")], check=True, timeout=60, stdin=subprocess.DEVNULL)
        out = self.finish(subscribed)
        recording, = server.recordings("stream")
        self.check_same(flv.read(harness.finished(recording))[1], out)
        self.assertTrue(any(pts != dts for track, _, dts, pts, _, _ in out["packets"] if track == "video"), "B-frames")


if __name__ == "__main__":
    harness.main()
