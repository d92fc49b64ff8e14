using System.Net.Sockets;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device;

/// <summary>Why a connection does not work, in words that help.</summary>
internal static class NetworkTrouble
{
    /// <summary>The reason: below a sentence that says only to look there, what lies there.</summary>
    public static string Reason(Exception e) => e.InnerException is null or SocketException ? e.Message : e.GetBaseException().Message;

    /// <summary>Refuses an https address where there is nothing to encrypt with.</summary>
    /// <param name="address">Of a server.</param>
    /// <param name="what">What it is for, the beginning of a sentence: "camera https://door/".</param>
    /// <exception cref="EdgeException">Exit 5: OpenSSL is not installed.</exception>
    public static void RequireTls(SafeAddress address, string what)
    {
        if (address.Uri?.Scheme == Uri.UriSchemeHttps) OpenSsl.Require(what);
    }
}
