# SPDX-License-Identifier: MIT
"""What servers may do to a client: each public function plays one connection, on a scripted_peer.Peer."""
import base64
import hashlib
import struct
import time

import rtmp_wire as wire


# Refusals. The client ends the connection after each of them.

def accepts(peer):
    """takes all that is pushed"""
    peer.accept()
    peer.hold()


def keeps_names(peer):
    """takes all that is pushed and keeps the bytes that commands name it by: (command, app, tcUrl), then (command, stream name)"""
    peer.handshake()
    connect = peer.command("connect")
    named = wire.object_strings(connect.body[len(wire.amf("connect")) + 9:])
    peer.server.received.append(("connect", named["app"], named["tcUrl"]))
    peer.answer_connect()
    while True:
        message = peer.next()
        if message.type != wire.COMMAND:
            continue
        values = wire.amf_values(message.body)
        if message.command in ("releaseStream", "FCPublish", "publish", "FCUnpublish"):
            before = len(wire.amf(message.command)) + 9 + 1 + 3  # number, null, the string's own head
            length = int.from_bytes(message.body[before - 2:before], "big")
            peer.server.received.append((message.command, message.body[before:before + length]))
        elif message.command == "deleteStream":
            peer.server.received.append((message.command, b""))
        if message.command == "createStream":
            peer.send(wire.command("_result", values[1], None, 1))
        elif message.command == "publish":
            peer.send(wire.status("status", "NetStream.Publish.Start", "go on"))


def _login_answers(mode, app, user, password, fields):
    """What proves user and password, from what the server asked with and the client chose."""
    def md5(text):
        return hashlib.md5(text.encode())
    def encoded(text):
        return base64.b64encode(md5(text).digest()).decode()
    if mode == "adobe":
        return encoded(encoded(user + "c2FsdA==" + password) + "b3BhcXVl" + fields["challenge"])
    place = app if "/" in app else app + "/_definst_"
    who, what = md5(f"{user}:live:{password}").hexdigest(), md5(f"publish:/{place}").hexdigest()
    return md5(f"{who}:n0nce:{fields['nc']}:{fields['cnonce']}:auth:{what}").hexdigest()


def asks_for_login(mode, user, password):
    """A script that takes nobody without user and password; `mode` is adobe or llnw."""
    question = "salt=c2FsdA==&challenge=Y2hhbA==&opaque=b3BhcXVl" if mode == "adobe" else "nonce=n0nce"

    def script(peer):
        peer.handshake()
        connect = peer.command("connect")
        app = wire.object_strings(connect.body[len(wire.amf("connect")) + 9:])["app"].decode()
        app, _, query = app.partition("?")
        fields = dict(field.split("=", 1) for field in query.split("&") if "=" in field)
        peer.server.received.append(query)
        if fields.get("authmod") != mode:
            words = f"[ AccessManager.Reject ] : [ code=403 need auth; authmod={mode} ] : "
        elif "response" not in fields:
            words = f"[ AccessManager.Reject ] : [ authmod={mode} ] : ?reason=needauth&user={fields['user']}&{question}"
        elif fields["user"] != user or fields["response"] != _login_answers(mode, app, user, password, fields):
            words = f"[ AccessManager.Reject ] : [ authmod={mode} ] : ?reason=authfailed"
        else:
            peer.answer_connect()
            peer.send(wire.command("_result", wire.amf_values(peer.command("createStream").body)[1], None, 1))
            peer.command("publish")
            peer.send(wire.status("status", "NetStream.Publish.Start", "go on"))
            peer.hold()
        peer.send(wire.command("_error", 1, None, {"level": "error", "code": "NetConnection.Connect.Rejected", "description": words}))
        peer.finish()
    return script


def takes_opus(peer):
    """says by fourCcList and audioFourCcInfoMap that it takes Opus, and keeps what it gets"""
    peer.capabilities = {"fourCcList": ["avc1", "hvc1", "mp4a", "Opus"], "audioFourCcInfoMap": {"mp4a": 5, "Opus": 4}}
    peer.accept()
    peer.keep()


def takes_all(peer):
    """says that it takes every codec, and keeps what it gets"""
    peer.capabilities = {"fourCcList": ["*"]}
    peer.accept()
    peer.keep()


def takes_no_opus(peer):
    """speaks Enhanced RTMP, without Opus"""
    peer.capabilities = {"fourCcList": ["avc1", "hvc1"], "audioFourCcInfoMap": {"mp4a": 5, "Opus": 2}}
    peer.accept()
    peer.keep()


def takes_hevc_and_av1(peer):
    """says by videoFourCcInfoMap that it takes H.265 and AV1, and keeps what it gets"""
    peer.capabilities = {"videoFourCcInfoMap": {"avc1": 5, "hvc1": 1, "av01": 4}}
    peer.accept()
    peer.keep()


def says_nothing_of_codecs(peer):
    """takes all that is pushed without a word about codecs in its answer to connect, and keeps what it gets"""
    peer.accept()
    peer.keep()


def closes_at_new_codecs(peer):
    """says nothing about codecs, keeps what it gets and closes at the first tag of Enhanced RTMP, as servers of old do"""
    peer.accept()
    peer.connection.settimeout(None)
    while True:
        message = peer.next()
        if message.type not in (wire.AUDIO, wire.VIDEO, wire.DATA):
            continue
        new = message.type == wire.VIDEO and message.body[0] & 0x80 or message.type == wire.AUDIO and message.body[0] >> 4 == 9
        if new:
            peer.now()
            return peer.finish()
        peer.server.received.append(message)


def connect_error(peer):
    """answers connect with _error and a description"""
    peer.until_connect()
    peer.now()
    peer.send(wire.command("_error", 1, None, {"level": "error", "code": "NetConnection.Connect.Rejected", "description": "house full"}))
    peer.drain()


def connect_error_bare(peer):
    """answers connect with an _error that says nothing"""
    peer.until_connect()
    peer.now()
    peer.send(wire.command("_error", 1))
    peer.drain()


def connect_rejected_as_result(peer):
    """says Connect.Rejected in a _result"""
    peer.until_connect()
    peer.now()
    peer.send(wire.command("_result", 1, None, {"level": "error", "code": "NetConnection.Connect.Rejected", "description": "not you"}))
    peer.drain()


def invalid_app(peer):
    """knows no such application"""
    peer.until_connect()
    peer.now()
    peer.send(wire.command("_error", 1, None, {"level": "error", "code": "NetConnection.Connect.InvalidApp", "description": "no app live"}))
    peer.drain()


def create_error(peer):
    """refuses createStream"""
    number = peer.until_create()
    peer.now()
    peer.send(wire.command("_error", number, None, {"level": "error", "code": "NetConnection.Call.Failed", "description": "no more streams"}))
    peer.drain()


def bad_name(peer):
    """has that name in use"""
    peer.until_publish()
    peer.now()
    peer.send(wire.status("error", "NetStream.Publish.BadName", "Already publishing"))
    peer.drain()


def publish_denied(peer):
    """denies publish"""
    peer.until_publish()
    peer.now()
    peer.send(wire.status("error", "NetStream.Publish.Denied", "your plan has ended"))
    peer.drain()


def publish_denied_and_gone(peer):
    """denies publish and ends the connection in the same breath"""
    peer.until_publish()
    peer.now()
    peer.send(wire.status("error", "NetStream.Publish.Denied", "your plan has ended"))
    peer.finish()


# Ends of a stream.

def unpublished(peer):
    """ends the stream politely: NetStream.Unpublish.Success, then FIN"""
    peer.streaming()
    peer.now()
    peer.send(wire.status("status", "NetStream.Unpublish.Success", "time is up"))
    peer.finish()


def connection_closed(peer):
    """ends the connection politely: NetConnection.Connect.Closed, then FIN"""
    peer.streaming()
    peer.now()
    peer.send(wire.status("status", "NetConnection.Connect.Closed", "going down for the night", stream=0))
    peer.finish()


def half_closed(peer):
    """ends its half, and would go on reading"""
    peer.streaming()
    peer.now()
    peer.half_close()
    peer.hold()


def closed_in_mid_message(peer):
    """ends the connection within a message of its own"""
    peer.streaming()
    peer.now()
    peer.send(wire.header(5, wire.DATA, 500) + bytes(100))
    peer.finish()


def _send_on(peer, *head):
    ex = {"code": 302, "redirect": peer.server.url("elsewhere", "")[:-1]}
    peer.send(wire.command(*head, None, {"level": "error", "code": "NetConnection.Connect.Rejected", "description": "302", "ex": ex}))


def sends_on_at_connect(peer):
    """answers connect with another URL, and takes the stream there"""
    if peer.number == 1:
        peer.until_connect()
        _send_on(peer, "_error", 1)
        peer.drain()
    peer.streaming()
    peer.now()
    peer.hold()


def sends_on_at_publish(peer):
    """answers publish with another URL, and takes the stream there"""
    if peer.number == 1:
        peer.until_publish()
        _send_on(peer, "onStatus", 0)
        peer.drain()
    peer.streaming()
    peer.now()
    peer.hold()


def sends_round_in_circles(peer):
    """answers each connect with another URL"""
    peer.until_connect()
    peer.now()
    _send_on(peer, "_error", 1)
    peer.drain()


# An outage, and what servers do before they are themselves again.

def restarts_half_up(peer):
    """ends the first stream, knows neither application nor key on the next two connections, and takes the fourth"""
    if peer.number == 2:
        return invalid_app(peer)
    if peer.number == 3:
        return publish_denied(peer)
    peer.streaming()
    peer.now()
    return peer.finish() if peer.number == 1 else peer.hold()


def holds_the_name_in_silence(peer):
    """ends the first stream; then ends the connection without a word after publish, and once as soon as media comes"""
    if peer.number == 2:
        peer.until_publish()
        return peer.finish()
    if peer.number == 3:
        peer.streaming()
        return peer.finish()
    peer.streaming()
    peer.now()
    return peer.finish() if peer.number == 1 else peer.hold()


# Hostile and odd bytes. Those that are against the protocol end in 3005.

def garbage(peer):
    """sends bytes that are no RTMP"""
    peer.streaming()
    peer.now()
    peer.send(bytes(range(0xFF, 0x7F, -1)) * 8)
    peer.drain()


def header_in_mid_message(peer):
    """begins a message anew within it, with a longer length: a header of type 1"""
    peer.streaming()
    peer.now()
    peer.send(wire.header(4, wire.AUDIO, 200) + bytes(128) + wire.header(4, wire.AUDIO, 0xFFFFFF, form=1) + bytes(4096))
    peer.drain()


def empty_control(peer):
    """sends control messages of no bytes"""
    peer.streaming()
    peer.now()
    for kind in (wire.SET_PEER_BANDWIDTH, wire.WINDOW_ACK_SIZE, wire.USER_CONTROL, wire.SET_CHUNK_SIZE):
        peer.send(wire.header(2, kind, 0))
    peer.drain()


def empty_chunk_size(peer):
    """sends a set chunk size of no bytes"""
    peer.streaming()
    peer.now()
    peer.send(wire.header(2, wire.SET_CHUNK_SIZE, 0))
    peer.drain()


def chunk_size_zero(peer):
    """sets its chunk size to 0"""
    peer.streaming()
    peer.now()
    peer.send(wire.control(wire.SET_CHUNK_SIZE, 0))
    peer.drain()


def chunk_size_beyond(peer):
    """sets its chunk size to more than the protocol has"""
    peer.streaming()
    peer.now()
    peer.send(wire.control(wire.SET_CHUNK_SIZE, 0x80000000))
    peer.drain()


def message_of_16_mb(peer):
    """announces a message of 16 MB"""
    peer.streaming()
    peer.now()
    peer.send(wire.header(5, wire.VIDEO, 0xFFFFFF) + bytes(4096))
    peer.drain()


def many_chunk_streams(peer):
    """begins a message on each of 60 chunk streams"""
    peer.streaming()
    peer.now()
    peer.send(b"".join(wire.header(channel, wire.AUDIO, 200) + bytes(128) for channel in range(3, 63)))
    peer.drain()


def deep_amf(peer):
    """answers connect with objects in objects"""
    peer.until_connect()
    peer.now()
    deep = b"\3" + b"\0\1a\3" * 2000
    peer.send(wire.message(3, wire.COMMAND, wire.amf("_result") + wire.amf(1) + deep))
    peer.drain()


def nameless_command(peer):
    """sends a command without a name"""
    peer.streaming()
    peer.now()
    peer.send(wire.message(3, wire.COMMAND, b"\0\0\0"))
    peer.drain()


# What is within the protocol: the client answers and goes on.

def chunk_size_huge(peer):
    """sets its chunk size to 2 GB, so that each message is one chunk"""
    peer.until_publish()
    peer.send(wire.control(wire.SET_CHUNK_SIZE, 0x7FFFFFFF))
    peer.send(wire.status("status", "NetStream.Publish.Start", "word " * 100, size=0x7FFFFFFF))
    peer.media(5)
    peer.now()
    peer.hold()


def stream_zero(peer):
    """gives the stream the number 0"""
    peer.send(wire.command("_result", peer.until_create(), None, 0))
    publish = peer.command("publish")
    peer.expect(publish.stream == 0, f"publish on message stream {publish.stream}")
    peer.send(wire.status("status", "NetStream.Publish.Start", "go on", stream=0))
    peer.media(5)
    peer.now()
    peer.hold()


def starts_early(peer):
    """takes FCPublish for publish: says Publish.Start before it answers createStream, and not again"""
    number = peer.until_create()
    peer.send(wire.status("status", "NetStream.Publish.Start", "go on", stream=0))
    peer.send(wire.command("_result", number, None, 1))
    peer.command("publish")
    peer.media(5)
    peer.now()
    peer.hold()


_SLOW = 9  # seconds that an application's callback may take to answer its server


def _slow(peer, step):
    peer.until_connect()
    time.sleep(_SLOW if step == "connect" else 0)
    peer.answer_connect()
    number = wire.amf_values(peer.command("createStream").body)[1]
    time.sleep(_SLOW if step == "createStream" else 0)
    peer.send(wire.command("_result", number, None, 1))
    peer.command("publish")
    time.sleep(_SLOW if step == "publish" else 0)
    peer.send(wire.status("status", "NetStream.Publish.Start", "go on"))
    peer.media(5)
    peer.now()
    peer.hold()


def slow_connect(peer):
    """answers connect after 9 s"""
    _slow(peer, "connect")


def slow_create(peer):
    """answers createStream after 9 s"""
    _slow(peer, "createStream")


def slow_publish(peer):
    """answers publish after 9 s"""
    _slow(peer, "publish")


def _pong(peer, stamp):
    pong = peer.until(lambda message: message.type == wire.USER_CONTROL and message.body[:2] == bytes([0, wire.PING_RESPONSE]), "a pong")
    peer.expect(pong.body[2:] == struct.pack(">I", stamp), f"the ping said {stamp:#x}, the pong {pong.body[2:].hex()}")
    peer.expect((pong.channel, pong.stream) == (2, 0), f"a pong on chunk stream {pong.channel}, message stream {pong.stream}")


def pings(peer):
    """asks for pongs, also in the middle of a message of its own and byte by byte"""
    peer.streaming()
    peer.send(wire.user_control(wire.STREAM_BEGIN, 1))
    peer.send(wire.user_control(wire.PING_REQUEST, 0xDEADBEEF))
    _pong(peer, 0xDEADBEEF)
    peer.send(wire.header(5, wire.DATA, 300, 1) + bytes(128) + wire.user_control(wire.PING_REQUEST, 7) + b"\xc5" + bytes(128))
    _pong(peer, 7)
    peer.send(b"\xc5" + bytes(44))
    for byte in wire.user_control(wire.PING_REQUEST, 0x01020304):
        peer.send(bytes([byte]))
    _pong(peer, 0x01020304)
    peer.media(5)
    peer.now()
    peer.hold()


def pings_before_publish(peer):
    """asks for pongs before it answers connect and before publish"""
    peer.until_connect()
    peer.send(wire.user_control(wire.PING_REQUEST, 1))
    _pong(peer, 1)
    peer.answer_connect()
    number = wire.amf_values(peer.command("createStream").body)[1]
    peer.send(wire.user_control(wire.PING_REQUEST, 2))
    _pong(peer, 2)
    peer.send(wire.command("_result", number, None, 1))
    peer.command("publish")
    peer.send(wire.status("status", "NetStream.Publish.Start", "go on"))
    peer.media(5)
    peer.now()
    peer.hold()


def ping_flood(peer):
    """asks for a thousand pongs at once"""
    peer.streaming()
    peer.send(b"".join(wire.user_control(wire.PING_REQUEST, number) for number in range(1000)))
    peer.until(lambda message: message.type == wire.USER_CONTROL and message.body[2:] == struct.pack(">I", 999), "the last pong")
    peer.media(5)
    peer.now()
    peer.hold()


def peer_bandwidth(peer):
    """sets the client's bandwidth, which is answered with a window acknowledgement size"""
    peer.streaming()
    peer.send(wire.control(wire.SET_PEER_BANDWIDTH, 2_500_000, 2))
    reply = peer.until(lambda message: message.type == wire.WINDOW_ACK_SIZE, "a window acknowledgement size")
    peer.expect(reply.body == struct.pack(">I", 2_500_000), f"2500000 was set, {reply.body.hex()} answered")
    peer.media(5)
    peer.now()
    peer.hold()


def window_of_one_byte(peer):
    """wants an acknowledgement of each byte"""
    peer.accept()
    peer.send(wire.control(wire.WINDOW_ACK_SIZE, 1))
    before = 0
    for number in range(20):
        peer.send(wire.user_control(wire.STREAM_BEGIN, number))
        while before != peer.sent:
            ack = peer.until(lambda message: message.type == wire.ACKNOWLEDGEMENT, "an acknowledgement")
            count, = struct.unpack(">I", ack.body)
            peer.expect(before < count <= peer.sent, f"acknowledged {count}, after {before}, of {peer.sent} bytes")
            before = count
    peer.media(5)
    peer.now()
    peer.hold()


def window_of_1000_bytes(peer):
    """wants an acknowledgement for each 1000 bytes"""
    peer.accept()
    peer.send(wire.control(wire.WINDOW_ACK_SIZE, 1000))
    for _ in range(3):
        due = peer.sent + 1100
        while peer.sent < due:
            peer.send(wire.user_control(wire.STREAM_BEGIN, 1))
        ack = peer.until(lambda message: message.type == wire.ACKNOWLEDGEMENT, "an acknowledgement")
        count, = struct.unpack(">I", ack.body)
        peer.expect(count <= peer.sent, f"acknowledged {count} of {peer.sent} bytes")
    peer.media(5)
    peer.now()
    peer.hold()


def media_to_a_publisher(peer):
    """sends sound and data that nobody asked for, in chunks of one byte"""
    peer.streaming()
    peer.send(wire.control(wire.SET_CHUNK_SIZE, 1))
    peer.send(wire.message(4, wire.AUDIO, bytes(300), 1, size=1) + wire.message(5, wire.DATA, wire.amf("onMetaData"), 1, size=1))
    peer.send(wire.message(2, wire.USER_CONTROL, struct.pack(">HI", wire.PING_REQUEST, 5), size=1))
    _pong(peer, 5)
    peer.media(5)
    peer.now()
    peer.hold()
