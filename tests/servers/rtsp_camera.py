#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rtsp_camera.py PORT [--codec h264|h265|mjpeg] [--size WxH] [--fps N] [--user NAME:PASSWORD] [--udp-only]
[--certificate PEM KEY] [--clip MP4]: a network camera, made of GStreamer's RTSP server: rtsp(s)://127.0.0.1:PORT/live.

Runs in Debian's own Python, which has GStreamer's bindings; prints "ready" when it listens. Killing it is a camera that
loses its power, stopping it (SIGSTOP) one that hangs.
"""
import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

CODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={fps} bitrate=800 ! video/x-h264,profile=main "
            "! rtph264pay config-interval=-1",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max={fps} bitrate=800 ! rtph265pay config-interval=-1",
    "mjpeg": "jpegenc ! rtpjpegpay",
}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--codec", choices=CODERS, default="h264")
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--fps", type=int, default=25)
    parser.add_argument("--user")
    parser.add_argument("--udp-only", action="store_true")
    parser.add_argument("--certificate", nargs=2)
    parser.add_argument("--clip", help="an MP4 of H.264 and AAC that is sent, from its beginning, in place of the camera's picture")
    return parser.parse_args()


def main():
    told = arguments()
    Gst.init(None)
    width, height = told.size.split("x")
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( videotestsrc is-live=true pattern=ball background-color=0xff404080 "
                       f"! video/x-raw,format=I420,width={width},height={height},framerate={told.fps}/1 "
                       f"! {CODERS[told.codec].format(fps=told.fps)} name=pay0 pt=96 )")
    if told.clip:
        factory.set_launch(f'( filesrc location="{told.clip}" ! qtdemux name=tracks '
                           "tracks. ! queue ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 "
                           "tracks. ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97 )")
    factory.set_shared(True)
    if told.udp_only:
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(told.port))
    if told.user or told.certificate:
        auth = GstRtspServer.RTSPAuth()
        if told.certificate:
            texts = [open(path, encoding="ascii").read() for path in told.certificate]
            auth.set_tls_certificate(Gio.TlsCertificate.new_from_pem("".join(texts), -1))
        viewer = GstRtspServer.RTSPToken()
        viewer.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
        if told.user:
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*told.user.split(":")), viewer)
        else:
            auth.set_default_token(viewer)
        allowed = GstRtspServer.RTSPPermissions()
        allowed.add_permission_for_role("viewer", GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
        allowed.add_permission_for_role("viewer", GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
        factory.set_permissions(allowed)
        server.set_auth(auth)
    server.get_mount_points().add_factory("/live", factory)
    if server.attach(None) == 0:
        sys.exit(f"port {told.port} can't be listened on")
    print("ready", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
