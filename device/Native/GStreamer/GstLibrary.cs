using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>
/// GStreamer 1.x by function pointers: libgstapp-1.0 with all that it depends on (gstreamer, gobject, glib), and libgstvideo-1.0. Loaded and
/// initialised when the first camera needs it, so that a machine without GStreamer does everything else.
/// </summary>
/// <remarks>Source: the API reference, https://gstreamer.freedesktop.org/documentation/. The ABI of 1.x is stable; 1.20 to 1.26 differ in nothing
/// that is used here.</remarks>
internal sealed unsafe class GstLibrary
{
    /// <summary>Name of the library of appsink on the loader's path.</summary>
    public const string AppName = "libgstapp-1.0.so.0";

    /// <summary>Debian's package that brings both libraries, and libgstreamer-1.0 by its dependencies.</summary>
    public const string PackageName = "libgstreamer-plugins-base1.0-0";

    private const string VideoName = "libgstvideo-1.0.so.0";

    private static readonly Lazy<GstLibrary?> Loaded = new(() => TryLoad(AppName, VideoName, out var library) ? library : null);

    private readonly Lazy<string?> _fault;

    private GstLibrary(nint app, nint video)
    {
        var exports = new GstExports(app, video);
        (Objects, Elements, Pads) = (new GstObjects(exports), new GstElements(exports), new GstPads(exports));
        (Samples, Messages) = (new GstSamples(exports), new GstMessages(exports));
        nint version = exports.App("gst_version"), init = exports.App("gst_init_check"), trap = exports.App("gst_segtrap_set_enabled");
        uint major, minor, micro, nano;
        ((delegate* unmanaged<uint*, uint*, uint*, uint*, void>)version)(&major, &minor, &micro, &nano);
        Version = $"{major}.{minor}.{micro}";
        _fault = new(() => Initialize(init, trap));
    }

    /// <summary>The library of this process, not yet initialised; null where it is not installed.</summary>
    public static GstLibrary? Shared => Loaded.Value;

    /// <summary>As the library says: <c>1.22.0</c>.</summary>
    public string Version { get; }

    /// <summary>Objects, their properties and signals.</summary>
    public GstObjects Objects { get; }

    /// <summary>Elements, bins and pipelines.</summary>
    public GstElements Elements { get; }

    /// <summary>Pads, capabilities and queries.</summary>
    public GstPads Pads { get; }

    /// <summary>Frames, as they come out of a pipeline.</summary>
    public GstSamples Samples { get; }

    /// <summary>What a pipeline tells.</summary>
    public GstMessages Messages { get; }

    /// <summary>The library, ready for use.</summary>
    /// <param name="what">What needs it, the beginning of a sentence: "camera csi://0".</param>
    /// <exception cref="EdgeException">Exit 5: it is not installed, or cannot start.</exception>
    public static GstLibrary Require(string what)
    {
        var library = Shared ?? throw EdgeException.Unavailable(
            $"{what} needs GStreamer ({AppName}), which is not installed here: apt-get install {PackageName}");
        return library._fault.Value is { } fault ? throw EdgeException.Unavailable($"{what}: GStreamer cannot start ({fault})") : library;
    }

    /// <summary>Loads the libraries by name.</summary>
    /// <returns>False if one is missing, or lacks a call that is needed.</returns>
    public static bool TryLoad(string app, string video, [NotNullWhen(true)] out GstLibrary? library)
    {
        library = null;
        if (!NativeLibrary.TryLoad(app, out nint appHandle) || !NativeLibrary.TryLoad(video, out nint videoHandle)) return false;
        try
        {
            library = new GstLibrary(appHandle, videoHandle);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false; // never freed: GLib's libraries register types and may not be unloaded
        }
    }

    // Its texts are made English again: gst_init takes the locale of the environment.
    private string? Initialize(nint init, nint trap)
    {
        const int allCategories = 6; // LC_ALL
        ((delegate* unmanaged<int, void>)trap)(0); // it would replace the runtime's own handler of SIGSEGV while plugins load
        GError* error = null;
        bool isReady = ((delegate* unmanaged<void*, void*, GError**, int>)init)(null, null, &error) != 0;
        _ = Libc.SetLocale(allCategories, "C");
        return isReady ? null : Objects.TakeText(error);
    }
}
