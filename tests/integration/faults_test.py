# SPDX-License-Identifier: MIT
"""Every fault in every phase of a connection ends in its documented code (docs/network-faults.md), once, and in time.

The cases of a table are pushes that run side by side; each prints a line with what came and how long after the fault.
"""
import dataclasses
import functools
import re
import socket
import sys
import time

import certificates
import fault_proxy
import harness
import network_namespace
import scripted_server

SMALL = ("--source", "test", "--video-width", 160, "--video-height", 120, "--fps", 5, "--video-preset", "ultrafast", "--quiet")
AT_ONCE = 24  # pushes side by side
NETWORK = 4  # the program's exit code
SOON, REFUSED, HANDSHAKES, ANSWER, TRANSPORT, STALL = 0.5, 1.0, 5.0, 15.0, 10.0, 16.0  # seconds from a fault to its code
STOP = 1.0
SLACK = 1.0  # on top of what a timer of ours takes: the machine may be loaded

GONE, RESET, NO_ANSWER, NO_RTMP = "server closed the connection", "[Rr]eset by peer", "did not answer", "malformed RTMP"


@dataclasses.dataclass
class Case:
    """`fault` as fault_proxy.py writes it, or the name of a script of scripted_server.py, or a whole URL.

    `code`: what is to come, or one of several; None: the push goes on as if nothing were.
    """
    fault: str
    code: object = None
    within: float = SOON
    words: str = ""
    reconnect: str = "off"
    codes: tuple = ()  # all of 1002, 1102 and the failures, in their order, where `reconnect` is not off
    duration: int = 3  # seconds, where the push goes on
    push: object = None
    proxy: object = None
    server: object = None
    began: float = 0.0
    struck: float = 0.0  # when the fault happened, where neither proxy nor server knows

    @property
    def allowed(self):
        return self.code if isinstance(self.code, tuple) else (self.code,)


def mute(moment, words=NO_ANSWER, code=3003, within=HANDSHAKES):
    """A server that falls silent and one that throws all away look the same from outside."""
    return [Case(f"{action}@{moment}", code, within + SLACK, words) for action in ("mute", "hole")]


HANDSHAKE = [
    *[Case(f"{action}@{moment}", 3003, words=words) for moment in ("c0c1", "s1", "s1+700", "s2+100", "s2+1535")
      for action, words in (("fin", GONE), ("rst", RESET), ("half_close", GONE))],
    *[case for moment in ("c0c1", "s1", "s1+700", "s2+1535") for case in mute(moment)],
    Case("garbage@s0", 3003, words="does not speak RTMP"),
    Case("http@s0", 3003, words="does not speak RTMP: its first byte is 72"),
    Case("corrupt@s0", 3003, words="does not speak RTMP"),
    Case("garbage@s1", (3003, 3005), words=NO_RTMP),
    Case("http@s2", (3003, 3005), words=NO_RTMP),
    Case("drop@s1", 3003, HANDSHAKES + SLACK, NO_ANSWER),
    Case("corrupt:64@s1"),  # S1 and S2 are random numbers
    Case("stall@up", 3003, HANDSHAKES + SLACK, NO_ANSWER),
    Case("fragment@accept"),
    Case("fragment:700@accept"),
    Case("delay:60@accept"),
    Case("rate:40000@accept"),
]

COMMANDS = [
    *[Case(f"{action}@{moment}", code, words=words) for moment in ("connect", "createStream", "publish")
      for action, code, words in (("fin", 3004, f"{GONE} instead of answering {moment}"), ("rst", 3005, RESET),
                                  ("half_close", 3004, f"{GONE} instead of answering {moment}"), ("garbage", 3005, NO_RTMP),
                                  ("http", 3005, NO_RTMP))],
    *[case for moment in ("connect", "createStream", "publish")
      for case in mute(moment, f"{NO_ANSWER} {moment} within 15 s", 3004, ANSWER)],
    Case("stall@connect", 3004, ANSWER + SLACK, NO_ANSWER),
    Case("fragment@connect"),
    Case("delay:60@connect"),
    Case("rate:20000@createStream"),
]

STREAMING = [
    *[Case(f"{action}@media+{count}", code, words=words) for count in (0, 30_000)
      for action, code, words in (("fin", 3004, GONE), ("rst", 3005, RESET), ("half_close", 3004, GONE), ("garbage", 3005, NO_RTMP),
                                  ("http", 3005, NO_RTMP))],
    *[Case(f"stall@media+{count}", 3005, STALL + SLACK, "acknowledged nothing for 15 s") for count in (0, 40_000)],
    Case("corrupt:2000@media+9000", (3004, 3005), 2, GONE),  # the server ends what makes no sense to it
    Case("drop:700@media+9000", (3004, 3005, None), 2),  # it may as well wait for the rest of something
    Case("hole@media+9000"),  # RTMP servers owe a publisher nothing: what TCP takes has arrived
    Case("mute@media+9000"),
    Case("delay:60@media+9000"),
    Case("rate:60000@media+9000"),
    Case("fragment:10@media+9000"),
]

REFUSALS = [
    Case("connect_error", 3004, REFUSED, "refused connect: NetConnection.Connect.Rejected: house full"),
    Case("connect_error_bare", 3004, REFUSED, "refused connect without saying why"),
    Case("connect_rejected_as_result", 3004, REFUSED, "refused connect: NetConnection.Connect.Rejected: not you"),
    Case("invalid_app", 3004, REFUSED, "refused connect: NetConnection.Connect.InvalidApp: no app live"),
    Case("create_error", 3004, REFUSED, "refused createStream: NetConnection.Call.Failed: no more streams"),
    Case("bad_name", 3004, REFUSED, "refused publish: NetStream.Publish.BadName: Already publishing"),
    Case("publish_denied", 3004, REFUSED, "refused publish: NetStream.Publish.Denied: your plan has ended"),
    Case("publish_denied_and_gone", 3004, REFUSED, "refused publish: NetStream.Publish.Denied: your plan has ended"),
    Case("sends_on_at_connect"),
    Case("sends_on_at_publish"),
    Case("sends_round_in_circles", 3004, REFUSED, "refused connect: .*: it names another server; .*the sixth in a row"),
    Case("unpublished", 3004, words="ended the stream: NetStream.Unpublish.Success: time is up"),
    Case("connection_closed", 3004, words="ended the stream: NetConnection.Connect.Closed: going down for the night"),
    Case("half_closed", 3004, words=GONE),
    Case("closed_in_mid_message", 3004, words=GONE),
]

HOSTILE = [
    Case("garbage", 3005, words=NO_RTMP),
    Case("header_in_mid_message", 3005, words="a new header in the middle of a message"),
    Case("empty_control", 3005, words="a control message that is too short"),
    Case("empty_chunk_size", 3005, words="a control message that is too short"),
    Case("chunk_size_zero", 3005, words="a chunk size outside 1..2147483647"),
    Case("chunk_size_beyond", 3005, words="a chunk size outside 1..2147483647"),
    Case("message_of_16_mb", 3005, words="a message of more than 64 KiB"),
    Case("many_chunk_streams", 3005, words="more than 16 chunk streams"),
    Case("nameless_command", 3005, words="a command without a name"),
    Case("deep_amf", 3004, ANSWER + SLACK, NO_ANSWER),  # the name says _result, the rest is passed over
    *[Case(script) for script in ("accepts", "pings", "pings_before_publish", "ping_flood", "peer_bandwidth", "window_of_one_byte",
                                  "window_of_1000_bytes", "media_to_a_publisher", "chunk_size_huge", "stream_zero", "starts_early")],
]

# Their callbacks take their time. One connection is one call of theirs.
SLOW = [Case(script, reconnect="3x0.2", codes=(1002,)) for script in ("slow_connect", "slow_create", "slow_publish")]

AGAIN = [
    Case("rst@media+9000", 3005, words=RESET, reconnect="2x0.3", codes=(1002, 3005, 1102, 1002, 3005, 1102, 1002, 3005, -1307)),
    Case("fin@publish", 3004, words=GONE, reconnect="2x0.3", codes=(3004, 1102, 3004, 1102, 3004, -1307)),
    Case("garbage@s0", 3003, words="speak", reconnect="3x0.2", codes=(3003, 1102, 3003, 1102, 3003, 1102, 3003, -1307)),
    Case("rst@media+9000#1", None, reconnect="2x0.3", codes=(1002, 3005, 1102, 1002)),
    Case("fin@media+9000#1", None, reconnect="2x0.3", codes=(1002, 3004, 1102, 1002)),
    Case("fin@connect#1", None, reconnect="2x0.3", codes=(3004, 1102, 1002)),
    Case("half_close@s1+700#1", None, reconnect="2x0.3", codes=(3003, 1102, 1002)),
    Case("restarts_half_up", None, reconnect="3x0.2", codes=(1002, 3004, 1102, 3004, 1102, 3004, 1102, 1002)),
    Case("holds_the_name_in_silence", None, reconnect="1x0.2", codes=(1002, 3004, 1102, 3004, 1102, 1002, 3004, 1102, 1002),
         duration=8),
    Case("invalid_app", 3004, REFUSED, reconnect="3x0.2", codes=(3004, -1307)),
    Case("publish_denied", 3004, REFUSED, reconnect="3x0.2", codes=(3004, -1307)),
    Case("connect_error", 3004, REFUSED, reconnect="2x0.2", codes=(3004, 1102, 3004, 1102, 3004, -1307)),
]

# What is sent inside TLS is out of a proxy's sight: here its bytes are counted.
TLS = [
    *[Case(f"{action}@{moment}", 3003, words="TLS") for moment in ("up", "down+5", "down+900")
      for action in ("fin", "rst", "half_close", "garbage", "http")],
    *[case for moment in ("up", "down+900") for case in
      (Case(f"mute@{moment}", 3003, TRANSPORT + SLACK, "TLS.*no answer in time"),
       Case(f"hole@{moment}", 3003, TRANSPORT + SLACK, "TLS.*no answer in time"))],
    Case("corrupt@down", 3003, words="TLS"),
    Case("corrupt@down+900", 3003, words="TLS"),
    Case("drop:50@down+5", 3003, TRANSPORT + SLACK, "TLS"),
    Case("fragment@accept"),
    Case("delay:60@accept"),
    *[Case(f"{action}@up+30000", code, words=words) for action, code, words in
      (("fin", 3004, GONE), ("rst", 3005, RESET), ("half_close", 3004, GONE), ("garbage", 3005, ""), ("http", 3005, ""))],
    Case("corrupt@up+30000", (3004, 3005), 2),
    Case("stall@up+40000", 3005, STALL + SLACK, "acknowledged nothing for 15 s"),
]


class Test(harness.Case):
    def run_cases(self, cases, prepare, prefix=()):
        """Starts each push by `prepare(case, number)` -> (URL, more arguments), as many at once as may be, and judges each.

        `prefix`: a command that runs the program.
        """
        longest_first = sorted(map(dataclasses.replace, cases), key=lambda case: -case.within)
        waiting, running, wrong = list(enumerate(longest_first)), [], []
        print(f"\n{'fault':34} {'code':>6} {'after':>9}")
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                number, case = waiting.pop(0)
                running.append(self.start(case, number, *prepare(case, number), prefix=prefix))
            for case in [case for case in running if case.push.process.poll() is not None]:
                running.remove(case)
                wrong += self.judge(case)
            for case in [case for case in running if time.monotonic() - case.began > 60]:
                running.remove(case)
                wrong.append(f"{case.fault}: still runs after 60 s\n{case.push}")
            time.sleep(0.01)
        sys.stdout.flush()
        self.assertEqual(wrong, [], "\n\n".join(wrong))

    def start(self, case, number, url, *more, prefix=()):
        directory = self.directory / f"case-{number}"
        directory.mkdir()
        arguments = ["push", url, "--json", *SMALL, "--reconnect", case.reconnect, *more]
        if None in case.allowed:
            arguments += ["--duration", case.duration]
        case.began = time.monotonic()
        case.push = harness.Push(arguments, directory, program=[*prefix, harness.tool("LIVEPUSHER_BIN")])
        self.addCleanup(harness.processes.end, case.push.process)
        return case

    def judge(self, case):
        """Prints the case's line; what is wrong with it."""
        events = case.push.events("statechange")
        codes = [event["code"] for event in events]
        story = [code for code in codes if code in (1002, 1102, -1307) or 3001 <= code <= 3005]
        failures = [event for event in events if 3001 <= event["code"] <= 3005]
        code = failures[-1]["code"] if failures else None
        after = self.seconds_after(case, failures[-1]) if failures else None
        print(f"{case.fault[-34:]:34} {code or 'goes on':>7} {'' if after is None else f'{after:7.2f} s'}")
        wrong = []

        def expect(condition, what):
            if not condition:
                wrong.append(f"{case.fault}: {what}\n{case.push}")

        if not case.codes:
            expect(code in case.allowed, f"code {code}, must be {case.code}")
        else:
            expect(tuple(story) == case.codes, f"codes {story}, must be {list(case.codes)}")
        expect(case.proxy is None or case.proxy.fired, "the fault never happened")
        expect(case.push.process.returncode == (NETWORK if -1307 in codes else 0), f"exit code {case.push.process.returncode}")
        expect(codes.count(-1307) == (1 if case.code and code else 0), "not exactly one -1307, or one too many")
        expect(-1307 not in story or story[-1] == -1307, "something came after the end")
        expect(case.codes or len(failures) <= 1, "more than one code for one failure")
        ended = [event["time"] for event in events if event["code"] == -1307]
        stops = [event["time"] for event in case.push.events("result") if event["method"] == "stop"]
        expect(not ended or (stops and stops[0] - ended[0] <= 1000 * (STOP + SLACK)), f"stop at {stops}, the end at {ended}")
        starts = [event["ok"] for event in case.push.events("result") if event["method"] == "start"]
        expect(starts == [1002 in codes], f"start answered {starts}")
        if code in case.allowed and code is not None:
            expect(re.search(case.words, failures[-1]["message"]), f"the message lacks {case.words!r}")
            expect(after is not None and after <= case.within, f"{after} s after the fault, must be {case.within}")
        if case.server:
            case.server.close()
            expect(not case.server.problems, f"the server complains: {case.server.problems}")
            expect(case.server.ended or case.fault == "accepts", "the script was not played to its point")
        if case.proxy:
            case.proxy.close()
        return wrong

    def seconds_after(self, case, event):
        """From the fault, or from the program's start where there is none that could be seen, to the event."""
        struck = [case.struck] if case.struck else []
        if case.proxy:
            struck = [moment for moment, _, _ in case.proxy.fired]
        elif case.server:
            struck = case.server.ended
        if not struck:
            return (event["time"] - case.push.events()[0]["time"]) / 1000
        return event["time"] / 1000 - (struck[-1] + time.time() - time.monotonic())

    def through_proxy(self, server, case, number, scheme="rtmp", more=()):
        case.proxy = fault_proxy.FaultProxy(server.tls_port if scheme == "rtmps" else server.rtmp_port, [case.fault])
        self.addCleanup(case.proxy.close)
        return case.proxy.url("live", f"test{number}", scheme), *more

    def scripted(self, case, _):
        case.server = scripted_server.ScriptedServer(case.fault)
        self.addCleanup(case.server.close)
        return case.server.url(),

    def either(self, server, case, number):
        return self.through_proxy(server, case, number) if "@" in case.fault else self.scripted(case, number)

    def test_before_a_connection_stands(self):
        server = self.server()
        refused = harness.processes.free_ports(1)[0]
        with socket.socket() as full:  # its queue is full: further connections are neither taken nor refused
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            self.fill(full)
            cases = [
                Case(f"rtmp://{'x' * 70}.invalid/live/x", 3001, REFUSED, "can't resolve"),  # no label is that long: it stays on this machine
                Case(f"rtmp://127.0.0.1:{refused}/live/x", 3002, REFUSED, "Connection refused"),
                Case(f"rtmps://127.0.0.1:{refused}/live/x", 3002, REFUSED, "Connection refused"),
                Case(f"rtmp://localhost:{refused}/live/x", 3002, REFUSED, "Connection refused"),
                Case(f"rtmp://127.0.0.1:{full.getsockname()[1]}/live/x", 3002, TRANSPORT + SLACK, "no answer in time"),
                Case("rst@accept", (3002, 3003), words=RESET),  # it stood for a moment, or it did not
                Case("fin@accept", 3003, words=GONE),
                *mute("accept"),
            ]
            self.run_cases(cases, lambda case, number: self.through_proxy(server, case, number) if "@" in case.fault else (case.fault,))

    def fill(self, listener):
        for _ in range(3):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
            self.addCleanup(client.close)

    def test_names_and_routes(self):
        why_not = network_namespace.missing()
        if why_not:
            self.skipTest("needs " + why_not)
        dead, alive = network_namespace.DEAD, network_namespace.SERVER
        names = {"none.test": "nxdomain", "broken.test": "servfail", "silent.test": "silence", "half-dead.test": f"{dead},{alive}",
                 "dead6.test": f"{network_namespace.DEAD6},{alive}", "alive.test": alive}
        cases = [
            Case("rtmp://none.test/live/x", 3001, REFUSED, "can't resolve none.test"),
            Case("rtmp://broken.test/live/x", 3001, REFUSED, "can't resolve broken.test"),
            Case("rtmp://silent.test/live/x", 3001, TRANSPORT + SLACK, "can't resolve silent.test: no answer in time"),
            Case(f"rtmp://{dead}/live/x", 3002, TRANSPORT + SLACK, "no answer in time"),
            Case(f"rtmps://{dead}/live/x", 3002, TRANSPORT + SLACK, "no answer in time"),
            Case(f"rtmp://{network_namespace.UNREACHABLE}/live/x", 3002, REFUSED, "Network is unreachable"),
            Case(f"rtmp://{alive}:1936/live/x", 3002, REFUSED, "Connection refused"),
            Case("rtmp://half-dead.test/live/x"),
            Case("rtmp://dead6.test/live/x"),
            Case("rtmp://alive.test/live/x"),
        ]
        with network_namespace.Network(names) as network:
            network.serve([sys.executable, "-B", scripted_server.__file__, "accepts", "--host", "0.0.0.0", "--port", 1935])
            prefix = network.client([])
            lost = self.start(Case("a link cut in mid stream", 3005, STALL + SLACK, "acknowledged nothing for 15 s"), len(cases),
                              f"rtmp://{network_namespace.SERVER2}/live/x", prefix=prefix)
            lost.push.wait_code(1002)
            lost.struck = time.monotonic()
            network.cut(network_namespace.SERVER2)
            self.check_stop_while_resolving("rtmp://silent.test/live/x", prefix)
            self.run_cases(cases, lambda case, _: (case.fault,), prefix)
            lost.push.wait()
            self.assertEqual(self.judge(lost), [])

    def check_stop_while_resolving(self, url, prefix):
        (self.directory / "stop").mkdir()
        push = harness.Push(["push", url, "--json", *SMALL], self.directory / "stop", program=[*prefix, harness.tool("LIVEPUSHER_BIN")])
        self.addCleanup(harness.processes.end, push.process)
        push.wait_code(1008)
        before = time.monotonic()
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        took = time.monotonic() - before
        print(f"\nstopped {took:.2f} s after SIGINT, with a name server that does not answer")
        self.assertLess(took, STOP + SLACK)

    def test_tls(self):
        harness.need_commands(openssl="openssl")
        authority = certificates.authority(self.directory, "ca")
        server = self.server(certificate=certificates.certificate(self.directory, authority, "IP:127.0.0.1"))
        self.run_cases(TLS, functools.partial(self.through_proxy, server, scheme="rtmps", more=("--ca-file", authority)))

    def test_handshake(self):
        self.run_cases(HANDSHAKE, functools.partial(self.through_proxy, self.server()))

    def test_commands(self):
        self.run_cases(COMMANDS, functools.partial(self.through_proxy, self.server()))

    def test_streaming(self):
        self.run_cases(STREAMING, functools.partial(self.through_proxy, self.server()))

    def test_refusals_and_hostile_bytes(self):
        self.run_cases(REFUSALS + HOSTILE, self.scripted)

    def test_slow_answers(self):
        self.run_cases(SLOW, self.scripted)

    def test_reconnects(self):
        self.run_cases(AGAIN, functools.partial(self.either, self.server()))


if __name__ == "__main__":
    harness.main()
