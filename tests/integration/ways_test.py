# SPDX-License-Identifier: MIT
"""The way to the server is lost and there is another one: noticed soon, and the stream goes on by that."""
import sys
import time

import harness  # first: it knows where the servers are
import network_namespace
import scripted_server

SMALL = ("--source", "test", "--video-width", 160, "--video-height", 120, "--fps", 10, "--video-preset", "ultrafast", "--quiet")
NOTICED, BACK = 3.0, 2.0  # seconds
SLACK = 1.0  # the machine may be loaded


class Test(harness.Case):
    def test_another_way_is_taken(self):
        why_not = network_namespace.missing()
        if why_not:
            self.skipTest("needs " + why_not)
        with network_namespace.Network({}) as network:
            network.serve([sys.executable, "-B", scripted_server.__file__, "accepts", "--host", "0.0.0.0", "--port", 1935])
            losses = [network.lose_address, network.set_down, network.remove, network.unplug]
            pushes = [self.begin(network, number) for number, _ in enumerate(losses, 1)]
            for push in pushes:
                push.wait_code(1002)
            time.sleep(1)  # media flows
            struck = []
            for number, lose in enumerate(losses, 1):
                lose(number)
                struck.append(time.time())
            wrong = [self.judge(lose.__name__, push, at) for lose, push, at in zip(losses, pushes, struck)]
        self.assertEqual([line for line in wrong if line], [])

    def begin(self, network, number):
        directory = self.directory / f"way-{number}"
        directory.mkdir()
        url = f"rtmp://{network.way(number)}/live/test{number}"
        push = harness.Push(["push", url, "--json", *SMALL], directory, program=network.client([harness.tool("LIVEPUSHER_BIN")]))
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
        print(f"{name:14} noticed after {noticed:.2f} s, back {back:.2f} s later")
        says = [event["message"] for event in push.events("statechange") if event["code"] == 3005][0]
        if "which the connection went out" not in says:
            return f"{name}: {says}"
        if noticed > NOTICED + SLACK or back > BACK + SLACK:
            return f"{name}: noticed after {noticed} s, back {back} s later\n{push}"
        return ""


if __name__ == "__main__":
    harness.main()
