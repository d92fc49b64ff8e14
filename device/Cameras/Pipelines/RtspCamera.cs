using System.Globalization;
using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>RTSP with H.264, H.265 or JPEG, as nearly every IP camera has it. An end or a failure is the caller's to open again.</summary>
internal static class RtspCamera
{
    private const string Scheme = "rtsp";
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5); // to connect, and between packets where they come one by one

    /// <summary>Whether a name is an address of the kind: <c>rtsp://</c>.</summary>
    public static bool Knows(string device) => device.StartsWith(Scheme + "://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Looks whether the address can be right and GStreamer is there; nobody is asked.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(CameraRequest request)
    {
        _ = AddressOf(request);
        _ = CameraLogin.Of(request);
        _ = Library(request);
    }

    /// <summary>Begins to ask for the stream; what the server answers shows at the first wait.</summary>
    /// <exception cref="EdgeException">Exit 3: no address, or a password file that cannot be used. Exit 5: GStreamer or an element is
    /// missing.</exception>
    /// <exception cref="CameraException">The password file cannot be read now.</exception>
    public static PipelineCamera Open(CameraRequest request)
    {
        string address = AddressOf(request);
        var login = CameraLogin.Of(request);
        var library = Library(request);
        using var builder = new PipelineBuilder(library, request, isFile: false);
        nint source = builder.Add("rtspsrc");
        builder.Pipeline.Streams = new RtspStreams(library, builder.Pipeline, source, request.Decoder);
        builder.Set(source, "location", address);
        if (login is not null)
        {
            builder.Set(source, "user-id", login.User);
            builder.Set(source, "user-pw", login.Password);
        }

        string microseconds = ((long)AnswerTime.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        builder.Set(source, "protocols", request.Transport is RtspTransport.Udp ? "udp" : "tcp");
        builder.Set(source, "tcp-timeout", microseconds);
        builder.Set(source, "timeout", microseconds);
        builder.Set(source, "latency", ((long)request.Latency.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        builder.Set(source, "drop-on-latency", "true"); // a decoder that is too slow loses frames and not time
        builder.SetControls(source);
        return builder.Finish(login);
    }

    /// <summary>The address without user and password, which GStreamer gets apart from it, as it shows addresses in messages.</summary>
    private static string AddressOf(CameraRequest request)
    {
        if (request.Device.Uri is not { } address)
            throw EdgeException.BadInput($"'{request.Device}' is not the address of a camera, such as rtsp://camera/stream");
        if (address.Port is 0 or > 65535)
            throw EdgeException.BadInput($"'{request.Device}' has the invalid port {address.Port}; leave it out or use one from 1 to 65535");
        string whole = request.Device.Whole;
        int start = Scheme.Length + 3, path = whole.IndexOfAny(['/', '?', '#'], start);
        int at = whole.LastIndexOf('@', path < 0 ? whole.Length - 1 : path);
        return Scheme + "://" + whole[(at < start ? start : at + 1)..];
    }

    private static GstLibrary Library(CameraRequest request)
    {
        var library = GstLibrary.Require($"camera '{request.Device}'");
        ElementPackages.Require(library, $"camera '{request.Device}'", "rtspsrc", "videoconvert");
        if (request.Decoder is { } decoder) ElementPackages.Require(library, $"camera '{request.Device}'", decoder);
        return library;
    }
}
