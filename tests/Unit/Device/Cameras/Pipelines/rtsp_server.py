"""An RTSP camera for tests: gst-rtsp-server with a test picture. Prints its port, then obeys lines on stdin and exits when stdin ends.

usage: rtsp_server.py [--user NAME --password WORD] [--port N] [--size WxH] [--rate N] [--codec h264|h265|jpeg|vp8] [--loss PROBABILITY] [--audio]
lines: "size WxH" changes the picture's size while it is sent; "end" ends the stream
"""
import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

CODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 threads=1 ! rtph264pay name=pay0 config-interval=-1",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! h265parse ! rtph265pay name=pay0 config-interval=-1",
    "jpeg": "jpegenc ! rtpjpegpay name=pay0",
    "vp8": "vp8enc deadline=1 ! rtpvp8pay name=pay0",
}


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--user")
    words.add_argument("--password")
    words.add_argument("--port", default="0")
    words.add_argument("--size", default="64x48")
    words.add_argument("--rate", default="50")
    words.add_argument("--codec", default="h264")
    words.add_argument("--loss", default="0")
    words.add_argument("--audio", action="store_true")
    words.add_argument("--pattern", default="smpte")
    given = words.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(given.port)
    if given.user:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(__import__("gi.repository.GstRtsp", fromlist=["x"]).RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_digest(given.user, given.password, token)
        server.set_auth(auth)
    factory = GstRtspServer.RTSPMediaFactory()
    width, height = given.size.split("x")
    audio = "audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1" if given.audio else ""
    factory.set_launch(
        f"( videotestsrc is-live=true pattern={given.pattern} ! capsfilter name=size caps=video/x-raw,format=I420,width={width},height={height},"
        f"framerate={given.rate}/1 ! identity name=source ! {CODERS[given.codec]} pt=96 {audio} )"
        if given.loss == "0" else
        f"( videotestsrc is-live=true pattern={given.pattern} ! video/x-raw,format=I420,width={width},height={height},framerate={given.rate}/1 ! "
        f"{CODERS[given.codec].replace('name=pay0', 'mtu=400')} pt=96 ! identity drop-probability={given.loss} name=pay0 )")
    factory.set_shared(True)
    if given.user:
        role = GstRtspServer.RTSPPermissions()
        role.add_permission_for_role("viewer", "media.factory.access", True)
        role.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(role)
    media = []
    factory.connect("media-configure", lambda _, each: media.__setitem__(slice(None), [each]))
    server.get_mount_points().add_factory("/stream", factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, lambda *_: obey(sys.stdin.readline(), media, loop))
    loop.run()


def obey(line, media, loop):
    if not line:
        loop.quit()
        return False
    words = line.split()
    if words and media:
        element = media[0].get_element()
        if words[0] == "size":
            width, height = words[1].split("x")
            caps = element.get_by_name("size").get_property("caps").copy()
            caps.set_value("width", int(width))
            caps.set_value("height", int(height))
            element.get_by_name("size").set_property("caps", caps)
        elif words[0] == "end":
            element.get_by_name("source").get_static_pad("src").push_event(Gst.Event.new_eos())
    return True


main()
