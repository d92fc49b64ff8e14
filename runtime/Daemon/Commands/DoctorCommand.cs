using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras.Pipelines;
using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Daemon.Commands;

/// <summary><c>resnetedge-service doctor</c>: <c>resnetedge doctor</c> with what GStreamer has for cameras.</summary>
internal static class DoctorCommand
{
    public static Verb Verb { get; } = Cli.Commands.DoctorCommand.Of(Elements) with
    {
        Summary = "Describes this machine: processor, kernel tiers, engines, libraries, GStreamer's elements, cameras, GPIO lines.",
    };

    /// <summary>GStreamer, and the elements that cameras are made of.</summary>
    private static IEnumerable<Part> Elements()
    {
        GstLibrary library;
        try
        {
            library = GstLibrary.Require("RTSP cameras and camera modules");
        }
        catch (EdgeException e)
        {
            return [new Part("gstreamer", false, null, null, e.Message)];
        }

        return [new Part("gstreamer", true, library.Version, GstLibrary.AppName, null), .. ElementPackages.OfCameras.Select(e =>
            library.Elements.Has(e.Element) ? new Part(e.Element, true, null, null, null)
                : new Part(e.Element, false, null, null, $"not installed, or its hardware is missing; Debian's {e.Package}"))];
    }
}
