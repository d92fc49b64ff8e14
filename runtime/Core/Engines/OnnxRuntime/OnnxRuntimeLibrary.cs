using System.Runtime.InteropServices;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// ONNX Runtime's shared library: where it is looked for, and the one copy that a process loads. Never unloaded: its threads and
/// its environment live as long as the process.
/// </summary>
internal sealed class OnnxRuntimeLibrary
{
    /// <summary>Environment variable that names the library file or its folder.</summary>
    public const string Variable = "RESNETEDGE_ORT";

    // 23 has every function called here and is answered by 1.23 and later.
    private const uint ApiVersion = 23;

    // 24 can tell whom a node was assigned to.
    private const int ProvidersVersion = 24;

    private static readonly string[] FileNames = ["libonnxruntime.so.1", "libonnxruntime.so"];
    private static readonly Lock Gate = new();
    private static OnnxRuntimeLibrary? _loaded;

    private OnnxRuntimeLibrary(OnnxRuntimeApi api, string version, string path) => (Api, Version, Path) = (api, version, path);

    /// <summary>The library's functions.</summary>
    public OnnxRuntimeApi Api { get; }

    /// <summary>As the library reports it, e.g. <c>1.30.0</c>.</summary>
    public string Version { get; }

    /// <summary>The file, or the bare name when the loader found it.</summary>
    public string Path { get; }

    /// <summary>Loads the library, or returns the copy already loaded.</summary>
    /// <exception cref="EdgeException">Exit 5: not found (the message names the places), not loadable, or too old.</exception>
    public static OnnxRuntimeLibrary Load()
    {
        lock (Gate)
        {
            return _loaded ??= Load(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory);
        }
    }

    /// <summary>Checks that the library can tell where a model runs.</summary>
    /// <exception cref="EdgeException">Exit 5: it is too old.</exception>
    public void RequireProviders()
    {
        if (System.Version.TryParse(Version, out var version) && version >= new System.Version(1, ProvidersVersion)) return;
        throw EdgeException.Unavailable(
            $"ONNX Runtime {Version} ('{Path}') is too old for --provider: it cannot tell whether a model really runs there; "
            + $"1.{ProvidersVersion} or later is needed");
    }

    /// <summary>What to try in order: full paths, then bare names for the loader. Pure but for asking whether files exist.</summary>
    /// <param name="configured">Value of <see cref="Variable"/>; when given, nothing else is tried.</param>
    /// <param name="besideProgram">The program's own folder.</param>
    internal static IReadOnlyList<string> Candidates(string? configured, string besideProgram)
    {
        if (!string.IsNullOrEmpty(configured))
            return Directory.Exists(configured) ? [.. FileNames.Select(name => System.IO.Path.Combine(configured, name))] : [configured];
        return [.. FileNames.Select(name => System.IO.Path.Combine(besideProgram, name)), .. FileNames];
    }

    /// <summary>Loads the first candidate that is there; a file that is there and does not load is an error, not skipped.</summary>
    internal static unsafe OnnxRuntimeLibrary Load(string? configured, string besideProgram)
    {
        var candidates = Candidates(configured, besideProgram);
        foreach (string candidate in candidates)
        {
            bool isFile = candidate.Contains('/', StringComparison.Ordinal);
            if (isFile && FileFacts.Of(candidate).Kind is not FileKind.Regular and var kind)
            {
                if (kind is FileKind.Missing or FileKind.Folder) continue;
                throw EdgeException.Unavailable($"'{candidate}' is {RegularFile.Named(kind)}, not ONNX Runtime's library");
            }

            if (!NativeLibrary.TryLoad(candidate, out nint handle))
            {
                if (!isFile) continue;
                throw EdgeException.Unavailable(
                    $"'{candidate}' cannot be loaded as ONNX Runtime's library: is it a complete shared library for this machine?");
            }

            return Bind(handle, candidate);
        }

        throw EdgeException.Unavailable(
            $"ONNX Runtime's library was not found (looked for {string.Join(", ", candidates)}); "
            + $"put libonnxruntime.so.1 beside the program, or set {Variable} to the library or its folder");
    }

    private static unsafe OnnxRuntimeLibrary Bind(nint handle, string path)
    {
        if (!NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out nint entry))
            throw EdgeException.Unavailable($"'{path}' is not ONNX Runtime: it exports no OrtGetApiBase");
        void** apiBase = (void**)((delegate* unmanaged[Cdecl]<void*>)entry)();
        string version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)apiBase[1])()) ?? "unknown";
        void* table = ((delegate* unmanaged[Cdecl]<uint, void*>)apiBase[0])(ApiVersion);
        if (table == null) throw EdgeException.Unavailable($"ONNX Runtime {version} ('{path}') is too old: 1.{ApiVersion} or later is needed");
        return new OnnxRuntimeLibrary(new OnnxRuntimeApi((void**)table), version, path);
    }
}
