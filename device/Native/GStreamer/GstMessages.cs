namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The messages that elements leave on their pipeline's bus.</summary>
internal sealed unsafe class GstMessages(GstExports exports)
{
    /// <summary>GST_MESSAGE_EOS.</summary>
    public const int End = 1;

    /// <summary>GST_MESSAGE_ERROR.</summary>
    public const int Error = 2;

    /// <summary>GST_MESSAGE_WARNING.</summary>
    public const int Warning = 4;

    /// <summary>GST_RESOURCE_ERROR_NOT_AUTHORIZED.</summary>
    public const int NotAuthorized = 15;

    private readonly nint _bus = exports.App("gst_pipeline_get_bus"), _pop = exports.App("gst_bus_pop_filtered"),
        _parseError = exports.App("gst_message_parse_error"), _parseWarning = exports.App("gst_message_parse_warning"),
        _resourceErrors = exports.App("gst_resource_error_quark");

    /// <summary>Domain of errors of devices, files and servers.</summary>
    public uint ResourceErrors => ((delegate* unmanaged<uint>)_resourceErrors)();

    /// <summary>The bus of a pipeline, with a reference to give back.</summary>
    public nint BusOf(nint pipeline) => ((delegate* unmanaged<nint, nint>)_bus)(pipeline);

    /// <summary>Takes the oldest end, error or warning, and drops what else came before it.</summary>
    /// <returns>0: there is none.</returns>
    public nint Pop(nint bus) => ((delegate* unmanaged<nint, int, nint>)_pop)(bus, End | Error | Warning);

    /// <summary>One of the kinds that <see cref="Pop"/> gives.</summary>
    public static int KindOf(nint message) => ((GstMessageHead*)message)->Type;

    /// <summary>The element that sent a message.</summary>
    public static nint SourceOf(nint message) => ((GstMessageHead*)message)->Source;

    /// <summary>What an error or a warning says; both are the caller's to free.</summary>
    public void Read(nint message, GError** error, byte** detail) =>
        ((delegate* unmanaged<nint, GError**, byte**, void>)(KindOf(message) == Error ? _parseError : _parseWarning))(message, error, detail);
}
