# SPDX-License-Identifier: MIT
"""The way to the server is lost and there is another one: noticed soon, and the stream goes on by that."""
import pathlib
import sys
import time

import harness  # first: it knows where the servers are
import network_namespace
import scripted_server

SMALL = ("--source", "test", "--video-width", 160, "--video-height", 120, "--fps", 10, "--video-preset", "ultrafast", "--quiet")
NOTICED, BACK = 3.0, 2.0  # seconds
SLACK = 1.0  # the machine may be loaded


RECEIVER = """
import signal, sys
sys.path.insert(0, sys.argv[1])
from http_receiver import HttpReceiver
receiver = HttpReceiver(sys.argv[2], host="0.0.0.0", port=8080)
print("listening", flush=True)
signal.pause()
"""


class Test(harness.Case):
    def test_another_way_is_taken(self):
        why_not = network_namespace.missing()
        if why_not:
            self.skipTest("needs " + why_not)
        with network_namespace.Network({}) as network:
            network.serve([sys.executable, "-B", scripted_server.__file__, "accepts", "--host", "0.0.0.0", "--port", 1935])
            network.serve([sys.executable, "-B", "-c", RECEIVER, pathlib.Path(scripted_server.__file__).parent, self.directory / "received"])
            losses = [network.lose_address, network.set_down, network.remove, network.unplug, network.lose_address]
            schemes = ["rtmp"] * 4 + ["http"]
            pushes = [self.begin(network, number, scheme) for number, scheme in enumerate(schemes, 1)]
            for push in pushes:
                push.wait_code(1002)
            time.sleep(1)  # media flows
            struck = []
            for number, lose in enumerate(losses, 1):
                lose(number)
                struck.append(time.time())
            wrong = [self.judge(f"{scheme} {lose.__name__}", push, at) for scheme, lose, push, at in zip(schemes, losses, pushes, struck)]
        self.assertEqual([line for line in wrong if line], [])

    def test_an_interface_that_was_asked_for_comes_back(self):
        """A modem is unplugged: the push asks for it by name, and nobody has that name for a while."""
        why_not = network_namespace.missing()
        if why_not:
            self.skipTest("needs " + why_not)
        with network_namespace.Network({}) as network:
            network.serve([sys.executable, "-B", scripted_server.__file__, "accepts", "--host", "0.0.0.0", "--port", 1935])
            push = self.begin(network, 1, "rtmp", "--network-interface", "eth1", "--reconnect", "20x0.3").wait_code(1002)
            network.remove(1)
            push.wait_code(3002, count=2)
            network.way(1)
            push.wait_code(1002, count=2)
            push.interrupt()
            self.assertEqual(push.wait(10), 0, str(push))
        self.assertIn("neither an address nor an interface of this machine", str(push))
        self.assertNotIn(-1307, push.codes())

    def begin(self, network, number, scheme, *more):
        directory = self.directory / f"way-{number}"
        directory.mkdir()
        server = network.way(number)
        url = f"rtmp://{server}/live/test{number}" if scheme == "rtmp" else f"http://{server}:8080/live/test.flv"
        push = harness.Push(["push", url, "--json", *SMALL, *more], directory, program=network.client([harness.tool("LIVEPUSHER_BIN")]))
        self.addCleanup(harness.processes.end, push.process)
        return push

    def judge(self, name, push, struck):
        push.wait_code(1002, count=2)
        sent = push.events("netstatus")[-1]["info"]["bytesSent"]

        def more():
            return push.events("netstatus")[-1]["info"]["bytesSent"] > sent
        harness.processes.wait_for(more, 10, "media by the other way")
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        told = {code: [event["time"] / 1000 for event in push.events("statechange") if event["code"] == code] for code in (1002, 3005)}
        noticed, back = told[3005][0] - struck, told[1002][1] - told[3005][0]
        print(f"{name:19} noticed after {noticed:.2f} s, back {back:.2f} s later")
        says = [event["message"] for event in push.events("statechange") if event["code"] == 3005][0]
        if "which the connection went out" not in says:
            return f"{name}: {says}"
        if noticed > NOTICED + SLACK or back > BACK + SLACK:
            return f"{name}: noticed after {noticed} s, back {back} s later\n{push}"
        return ""


if __name__ == "__main__":
    harness.main()
