#!/usr/bin/python3
"""A notification server for tests: prints each notification as a line of JSON.

Its argument is what it says it can do: `body` or `body,body-markup`.
"""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"
CAPABILITIES = sys.argv[1].split(",")


class Server(dbus.service.Object):
    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints, timeout):
        print(json.dumps({"app": app, "title": summary, "text": body}), flush=True)
        return dbus.UInt32(1)

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return dbus.Array(CAPABILITIES, signature="s")

    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return ("nudge's tests", "nudge", "1", "1.2")


DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
name = dbus.service.BusName(NAME, bus, do_not_queue=True)
Server(bus, "/org/freedesktop/Notifications")
print("ready", flush=True)
# So that nothing of a test that was killed stays behind.
GLib.timeout_add_seconds(120, lambda: sys.exit(0))
GLib.MainLoop().run()
