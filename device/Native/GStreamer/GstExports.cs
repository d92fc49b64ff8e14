using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>Addresses of the libraries' functions. What libgstapp depends on is found through it.</summary>
/// <param name="app">Handle of libgstapp-1.0.</param>
/// <param name="video">Handle of libgstvideo-1.0.</param>
internal sealed class GstExports(nint app, nint video)
{
    /// <summary>A function of gstapp, gstreamer, gobject or glib.</summary>
    /// <exception cref="EntryPointNotFoundException">There is none of that name.</exception>
    public nint App(string name) => NativeLibrary.GetExport(app, name);

    /// <summary>A function of gstvideo.</summary>
    /// <inheritdoc cref="App"/>
    public nint Video(string name) => NativeLibrary.GetExport(video, name);
}
