using System.Runtime.InteropServices;
using ResNetEdge.Cli.Inputs;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Cli.Commands;

/// <summary>
/// <c>resnetedge-service</c>, which lies in the same folder and has what this program is kept free of: YAML, TLS, HTTP, the live page.
/// It has the same <c>run</c> and takes the process over with its command line: the process number stays, as a service manager wants it.
/// </summary>
/// <param name="path">Of the program.</param>
/// <param name="replace">Becomes that program, as <c>execv(3)</c>; returns the error number when it fails, and never otherwise.</param>
internal sealed class ServiceProgram(string path, Func<string, IReadOnlyList<string>, int> replace)
{
    /// <summary>As typed, and Debian's name of the package that brings it.</summary>
    public const string Name = "resnetedge-service";

    /// <summary>The one beside this program.</summary>
    public static ServiceProgram Beside { get; } = new(Path.Combine(AppContext.BaseDirectory, Name), Replace);

    /// <summary>Whether a command line of <c>run</c> is for that program: the service, or a camera that only it can open.</summary>
    public static bool Takes(Arguments arguments)
        => arguments.Has(RunCommand.Service.Name) || (arguments.Value(CameraOptions.Camera.Name) is { } camera && NetworkCameraNames.Know(camera));

    /// <summary>Becomes that program.</summary>
    /// <param name="words">The command line after the program's name.</param>
    /// <returns>Never, but for tests.</returns>
    /// <exception cref="EdgeException">Exit 5: it is not there or cannot be run.</exception>
    public ExitCode HandOver(IReadOnlyList<string> words)
    {
        if (!File.Exists(path))
            throw EdgeException.Unavailable(
                $"the service, network cameras and those behind GStreamer need the program {Name}, "
                    + $"which was expected at {path} (Debian package {Name})");
        int error = replace(path, [Name, .. words]);
        return error == 0 ? ExitCode.Done : throw EdgeException.Unavailable($"{path} cannot be run: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static unsafe int Replace(string path, IReadOnlyList<string> words)
    {
        // The vector ends with a null pointer. Nothing is freed: the process image is replaced, or the process ends with an error.
        var vector = (byte**)NativeMemory.AllocZeroed((nuint)words.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < words.Count; i++) vector[i] = (byte*)Marshal.StringToCoTaskMemUTF8(words[i]);
        Libc.Execv(path, vector);
        return Marshal.GetLastPInvokeError();
    }
}
