# SPDX-License-Identifier: MIT
"""The C API as another language sees it: through ctypes alone, by livepusher_call() and JSON. LIVEPUSHER_LIBRARY names the library."""
import ctypes
import json
import os
import pathlib
import queue
import tempfile
import unittest

EVENT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
RESULT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
PATIENCE = 30

lib = ctypes.CDLL(os.environ["LIVEPUSHER_LIBRARY"])
lib.livepusher_create.restype = ctypes.c_void_p
lib.livepusher_create.argtypes = [ctypes.c_char_p, EVENT, ctypes.c_void_p, ctypes.c_void_p]
lib.livepusher_call.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, RESULT, ctypes.c_void_p]
lib.livepusher_destroy.argtypes = [ctypes.c_void_p]
lib.livepusher_get_properties.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)]
lib.livepusher_free.argtypes = [ctypes.c_void_p]
lib.livepusher_last_error.restype = ctypes.c_char_p


class Pusher:
    """What a binding would be: a few lines."""

    def __init__(self, **options):
        self.events = queue.Queue()
        self.results = queue.Queue()
        self._on_event = EVENT(lambda pusher, event, code, line, user: self.events.put(json.loads(line)))
        self._on_result = RESULT(lambda pusher, code, message, line, user: self.results.put(json.loads(line)))
        self._pusher = lib.livepusher_create(json.dumps(options).encode(), self._on_event, None, None)
        if not self._pusher:
            raise ValueError(lib.livepusher_last_error().decode())

    def call(self, method, **options):
        if lib.livepusher_call(self._pusher, method.encode(), json.dumps(options).encode(), self._on_result, None) != 0:
            raise ValueError(lib.livepusher_last_error().decode())
        return self.results.get(timeout=PATIENCE)

    def properties(self):
        text = ctypes.c_void_p()
        assert lib.livepusher_get_properties(self._pusher, ctypes.byref(text)) == 0
        try:
            return json.loads(ctypes.string_at(text))
        finally:
            lib.livepusher_free(text)

    def wait_for(self, code):
        while self.events.get(timeout=PATIENCE).get("code") != code:
            pass

    def close(self):
        lib.livepusher_destroy(self._pusher)


class PythonTest(unittest.TestCase):
    def test_a_push_from_beginning_to_end(self):
        with tempfile.TemporaryDirectory(prefix="livepusher-test-") as directory:
            path = pathlib.Path(directory) / "grün \"1\".flv"  # what JSON has to escape
            pusher = Pusher(source="test", properties={"url": str(path), "mode": "QVGA", "snapshotDirectory": directory})
            self.assertEqual(pusher.properties()["url"], str(path))
            self.assertTrue(pusher.call("start")["ok"])
            pusher.wait_for(1007)
            picture = pusher.call("snapshot", quality="compressed")
            self.assertEqual((picture["ok"], picture["width"], picture["height"]), (True, 180, 320))
            self.assertEqual(pathlib.Path(picture["tempImagePath"]).read_bytes()[:2], b"\xff\xd8")
            self.assertEqual(pusher.call("resume")["errCode"], 20002)
            self.assertTrue(pusher.call("stop")["ok"])
            pusher.close()
            self.assertEqual(path.read_bytes()[:3], b"FLV")

    def test_lists_of_devices_and_encoders(self):
        def listed(function):
            text = ctypes.c_void_p()
            self.assertEqual(function(ctypes.byref(text)), 0)
            made = json.loads(ctypes.string_at(text))
            lib.livepusher_free(text)
            return made

        self.assertEqual(set(listed(lib.livepusher_list_devices)), {"cameras", "microphones", "screens", "notes"})
        encoders = {each["name"]: each for each in listed(lib.livepusher_list_encoders)}
        self.assertTrue(encoders["x264"]["works"])

    def test_what_is_wrong_is_refused_in_words(self):
        with self.assertRaisesRegex(ValueError, "did you mean beauty"):
            Pusher(properties={"beuaty": 3})
        pusher = Pusher()
        with self.assertRaisesRegex(ValueError, 'unknown method "puase"'):
            pusher.call("puase")
        pusher.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
