# SPDX-License-Identifier: MIT
"""The control socket, against a push that runs."""
import os
import stat

import program_case
from program_case import Control, DONE, harness, processes


class ControlSocket(harness.Case):
    def start(self):
        self.path = self.directory / "control"
        self.running = self.push(self.server().url("live", "control-key"), "--source", "test", "--control", self.path)
        processes.wait_for(lambda: self.running.events("result"), 15, "start's result")
        self.running.wait_code(1008, count=2)  # both encoders: there are pictures
        return self.client()

    def client(self):
        client = Control(self.path)
        self.addCleanup(client.close)
        return client

    def end(self):
        self.assertEqual(self.running.interrupt().wait(), DONE, str(self.running))
        self.assertFalse(self.path.exists())
        self.assertNotIn("control-key", self.running.stdout + self.running.stderr)

    def test_methods_properties_and_nonsense_are_each_answered(self):
        client = self.start()
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)

        self.assertEqual(client.ask({"get": "state"})["state"], "pushing")
        self.assertTrue(client.ask({"method": "pause", "id": 7})["ok"])
        self.assertEqual(client.ask({"get": "state", "id": "x"})["state"], "paused")
        answer = client.ask({"method": "resume", "id": {"a": 1}})
        self.assertEqual((answer["event"], answer["method"], answer["ok"], answer["errCode"]), ("result", "resume", True, 0))
        self.assertEqual(answer["id"], {"a": 1})

        self.assertTrue(client.ask({"set": {"max-bitrate": 700, "fps": 20}})["ok"])
        shown = client.ask({"get": "properties"})["properties"]
        self.assertEqual((shown["maxBitrate"], shown["fps"]), (700, 20))
        self.assertTrue(shown["url"].endswith("/live/***"))
        for wrong in ({"fps": 25, "beauty": 99}, {"fps": 25, "beuaty": 1}, {"fps": "25"}, {"fps": 25, "minBitrate": 9000}, 5):
            answer = client.ask({"set": wrong})
            self.assertFalse(answer["ok"], wrong)
            self.assertEqual(answer["method"], "set")
            self.assertTrue(answer["errMsg"].startswith("set:fail "), answer)
        self.assertEqual(client.ask({"get": "properties"})["properties"]["fps"], 20)  # all or nothing

        for wrong in ("{", "[]", "17", "{}", {"methd": "pause"}, {"method": 5}, {"method": "puase"}, {"get": "weather"},
                      {"method": "pause", "set": {}}, {"method": "snapshot", "quality": "best"}, {"method": "playBGM"},
                      {"method": "setZoom", "zoom": "near"}, {"method": "pause", "now": True}):
            answer = client.ask(wrong)
            self.assertEqual((answer["event"], answer["ok"], answer["errCode"]), ("result", False, 20001), wrong)
        self.assertIn("did you mean pause?", client.ask({"method": "puase"})["errMsg"])

        answer = client.ask({"method": "snapshot"})
        self.assertTrue(answer["ok"], answer)
        with open(answer["tempImagePath"], "rb") as picture:
            self.assertEqual(picture.read(4), b"\x89PNG")
        os.unlink(answer["tempImagePath"])
        self.assertEqual((answer["width"], answer["height"]), (360, 640))
        self.assertIn("videoFrames", client.ask({"get": "netstatus"})["info"])
        self.end()

    def test_several_clients_and_those_that_leave(self):
        first, second = self.start(), self.client()
        second.send({"method": "pause"})
        self.assertEqual(second.read()["method"], "pause")
        self.assertEqual(first.ask({"get": "state"})["state"], "paused")
        for _ in range(20):  # leave before the answer; 32 at a time are welcome
            rude = Control(self.path)
            rude.send({"get": "properties"})
            rude.close()
        second.socket.sendall(b'{"method":"res')
        second.socket.sendall(b'ume"}\n\n{"get":"state"}')
        second.socket.shutdown(1)  # a last line needs no end, and is answered all the same
        answers = [second.read(), second.read()]
        self.assertEqual({answer["method"] for answer in answers}, {"resume", "get"})
        self.assertIsNone(second.read())
        third = self.client()
        third.socket.sendall(b"x" * 200000)
        self.assertIn("at most", third.read()["errMsg"])
        self.assertEqual(third.ask('x\n{"get":"state"}')["state"], "pushing")
        self.assertEqual(first.ask({"get": "state"})["state"], "pushing")
        self.end()

    def test_stop_keeps_the_program_start_pushes_again_and_quit_ends_it(self):
        client = self.start()
        self.assertTrue(client.ask({"method": "stop"})["ok"])
        self.assertEqual(client.ask({"get": "state"})["state"], "idle")
        self.assertTrue(client.ask({"method": "start"})["ok"])
        self.assertEqual(client.ask({"get": "state"})["state"], "pushing")
        self.assertTrue(client.ask({"method": "quit"})["ok"])
        self.assertEqual(self.running.wait(), DONE, str(self.running))
        self.assertFalse(self.path.exists())

    def test_a_stale_socket_is_replaced_and_a_served_one_is_not(self):
        self.start()
        other = self.run_push("rtmp://127.0.0.1:1/live/k", "--source", "test", "--control", self.path)
        self.assertEqual(other.process.returncode, program_case.ARGUMENTS)
        self.assertIn("another program is serving it", other.stderr)
        self.running.process.kill()
        self.running.process.wait()
        self.assertTrue(self.path.is_socket())
        self.start()
        self.end()


if __name__ == "__main__":
    harness.main()
