namespace ResNetEdge.Device.Cameras;

/// <summary>How an RTSP camera sends its frames.</summary>
internal enum RtspTransport
{
    /// <summary>In the RTSP connection itself: nothing is lost.</summary>
    Tcp,

    /// <summary>As packets of their own, of which some may be lost.</summary>
    Udp,
}
