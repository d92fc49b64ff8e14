namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>GError, an error of GLib: whose it is, which, and its sentence.</summary>
internal unsafe struct GError
{
    public uint Domain;
    public int Code;
    public byte* Message;
}
