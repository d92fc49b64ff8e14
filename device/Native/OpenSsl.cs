using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>
/// OpenSSL, which .NET's cryptography loads on its first use, ending the process without a sentence
/// where it is not installed. Asked for here before that.
/// </summary>
/// <remarks>Names as the runtime itself tries them: <c>CLR_OPENSSL_VERSION_OVERRIDE</c> first, then 3, then 1.1.</remarks>
internal static class OpenSsl
{
    /// <summary>Debian's package that brings the library.</summary>
    public const string PackageName = "libssl3";

    private const string VersionVariable = "CLR_OPENSSL_VERSION_OVERRIDE";
    private static readonly string[] Versions = ["3", "1.1"];
    private static readonly Lazy<bool> Found =
        new(() => IsThere(Environment.GetEnvironmentVariable(VersionVariable) is { Length: > 0 } version ? [version, .. Versions] : Versions));

    /// <summary>Goes on only where OpenSSL is.</summary>
    /// <param name="what">What needs it, the beginning of a sentence: "Checking a signature".</param>
    /// <exception cref="EdgeException">Exit 5: it is not installed.</exception>
    public static void Require(string what)
    {
        if (!Found.Value) throw Missing(what);
    }

    /// <summary>Whether one of the versions can be loaded.</summary>
    public static bool IsThere(IEnumerable<string> versions) => versions.Any(version => NativeLibrary.TryLoad($"libssl.so.{version}", out _));

    /// <summary>The error where it is missing.</summary>
    public static EdgeException Missing(string what) =>
        EdgeException.Unavailable($"{what} needs OpenSSL (libssl.so.3), which is not installed here: apt-get install {PackageName}");
}
