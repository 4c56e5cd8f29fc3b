#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A name server of a few lines that answers as it is told, for tests.

  dns_server.py HOST NAME=ANSWER…

ANSWER is addresses with commas between, IPv4 or IPv6, in that order; or nxdomain, servfail, silence. Other names: nxdomain.
"""
import ipaddress
import socket
import struct
import sys

_A, _AAAA = 1, 28
_ANSWER, _SERVFAIL, _NXDOMAIN = 0x8180, 0x8182, 0x8183


def _question(query):
    """The name in it, its type and where it ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii").lower())
        at += 1 + query[at]
    return ".".join(labels), struct.unpack(">H", query[at + 1:at + 3])[0], at + 5


def reply(query, names):
    """The packet to answer with; None: silence."""
    name, kind, end = _question(query)
    answer = names.get(name, "nxdomain")
    if answer == "silence":
        return None
    flags = {"nxdomain": _NXDOMAIN, "servfail": _SERVFAIL}.get(answer, _ANSWER)
    records = []
    if flags == _ANSWER:
        addresses = [ipaddress.ip_address(text) for text in answer.split(",")]
        records = [address.packed for address in addresses if kind == (_A if address.version == 4 else _AAAA)]
    out = query[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + query[12:end]
    for record in records:
        out += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 1, len(record)) + record
    return out


def main():
    if len(sys.argv) < 2 or any("=" not in each for each in sys.argv[2:]):
        sys.exit(__doc__)
    names = dict(each.lower().split("=", 1) for each in sys.argv[2:])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((sys.argv[1], 53))
        print("listening", flush=True)
        while True:
            query, client = server.recvfrom(4096)
            try:
                packet = reply(query, names)
            except (IndexError, struct.error, UnicodeDecodeError):
                continue  # no question that could be answered
            if packet:
                server.sendto(packet, client)


if __name__ == "__main__":
    main()
