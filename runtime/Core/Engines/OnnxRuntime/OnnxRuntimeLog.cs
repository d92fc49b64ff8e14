using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// What ONNX Runtime writes to its log. Its errors come back as statuses, except one: which library a provider lacks is only in the log.
/// </summary>
internal static unsafe class OnnxRuntimeLog
{
    private const int Error = 3, Fatal = 4;
    private static volatile string? _lastError;

    /// <summary>The least severity that is wanted.</summary>
    public const int Severity = Error;

    /// <summary>The newest error since <see cref="Forget"/>; null when there was none.</summary>
    public static string? LastError => _lastError;

    /// <summary>The function that the library calls, an <c>OrtLoggingFunction</c>.</summary>
    public static void* Function =>
        (delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, byte*, byte*, void>)&Write;

    /// <summary>Forgets the newest error.</summary>
    public static void Forget() => _lastError = null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Write(void* parameter, int severity, byte* category, byte* id, byte* place, byte* message)
    {
        string text = Marshal.PtrToStringUTF8((nint)message) ?? "";
        _lastError = text;
        // After these the library may end the process, so that nobody else would say it.
        if (severity >= Fatal) Console.Error.WriteLine($"ONNX Runtime: {text}");
    }
}
