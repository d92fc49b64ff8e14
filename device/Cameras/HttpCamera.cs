using System.Net;
using System.Net.Sockets;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// Motion-JPEG over HTTP, as IP cameras and ffmpeg serve it (multipart/x-mixed-replace). An end or a failure is the caller's to open again.
/// </summary>
/// <remarks>User and password of the address are shown to a server that asks for them, by Digest
/// (RFC 7616: MD5, SHA-256) where it offers that, else by Basic.</remarks>
internal static class HttpCamera
{
    /// <summary>
    /// Longest JPEG that is taken from the network, in bytes. Three are held at once, a quarter of the memory that the service's unit allows.
    /// </summary>
    public const int MostFrameBytes = 16 << 20;

    private const int MostRedirections = 3;
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);
    private static readonly string[] Kinds =
    [
        "multipart/x-mixed-replace", "multipart/mixed", "video/x-motion-jpeg", "video/mjpeg", "image/jpeg", "application/octet-stream",
    ];

    /// <summary>Whether a name is an address: <c>http://</c> or <c>https://</c>.</summary>
    public static bool Knows(string device)
        => device.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || device.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Begins to ask for the stream; what the server answers shows at the first wait.</summary>
    /// <exception cref="EdgeException">Exit 3: no address. Exit 5: it is https or has a password, and OpenSSL is not installed.</exception>
    public static StreamCamera Open(CameraRequest request)
    {
        var address = AddressOf(request);
        var login = CameraLogin.Of(request);
        string name = request.Device.ToString();
        return new StreamCamera(
            request with { Device = name, Loop = true }, stop => Ask(address, login, request.Device, stop), new MjpegParser(name, MostFrameBytes),
            isLive: true, TimeProvider.System);
    }

    /// <summary>Looks whether the address can be right; nobody is asked.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(CameraRequest request)
    {
        _ = AddressOf(request);
        _ = CameraLogin.Of(request);
    }

    private static Uri AddressOf(CameraRequest request)
    {
        if (request.Device.Uri is not { } address)
            throw EdgeException.BadInput($"'{request.Device}' is not the address of a camera, such as http://camera/stream");
        if (address.Port < 1)
            throw EdgeException.BadInput($"'{request.Device}' has the invalid port {address.Port}; leave it out or use one from 1 to 65535");
        NetworkTrouble.RequireTls(address, $"camera '{request.Device}'");
        if (address.UserInfo.Length > 0 || request.User is not null) OpenSsl.Require($"camera '{request.Device}' with a password");
        return address;
    }

    private static HttpStream Ask(Uri address, CameraLogin? login, SafeAddress name, CancellationToken stop)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTime,
            AllowAutoRedirect = false, // it would follow anywhere
            UseCookies = false,
            UseProxy = false,
            Credentials = login is null ? null : new HostCredentials(address.IdnHost, new NetworkCredential(login.User, login.Password)),
            ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, stop, ct),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        var answerTime = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            answerTime.CancelAfter(AnswerTime);
            var answer = Follow(client, address, name, answerTime.Token);
            string? kind = answer.Content.Headers.ContentType?.MediaType;
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                throw new CameraException($"{name}: the server requires {(login is null ? "a" : "another")} user name and password "
                    + "(401); set 'user' and 'password_file', or write http://USER:PASSWORD@camera/");
            if (!answer.IsSuccessStatusCode)
                throw new CameraException($"{name}: the server answered {(int)answer.StatusCode} {name.HideIn(answer.ReasonPhrase ?? "")}");
            if (kind != null && !Kinds.Contains(kind, StringComparer.OrdinalIgnoreCase))
                throw new CameraException($"{name}: the server answered with {kind}, not with a Motion-JPEG stream");
            return new HttpStream(client, answer);
        }
        catch (Exception e)
        {
            client.Dispose();
            if (e is OperationCanceledException && !stop.IsCancellationRequested)
                throw new CameraException($"{name}: the server did not answer within {AnswerTime.TotalSeconds:0} s", e);
            if (e is HttpRequestException) throw new CameraException($"{name}: cannot be reached ({name.HideIn(NetworkTrouble.Reason(e))})", e);
            throw;
        }
        finally
        {
            answerTime.Dispose();
        }
    }

    /// <summary>Asks, and asks again where the same server says that the stream is.</summary>
    private static HttpResponseMessage Follow(HttpClient client, Uri address, SafeAddress name, CancellationToken stop)
    {
        for (int hops = 0; ; hops++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, address);
            var answer = client.Send(message, HttpCompletionOption.ResponseHeadersRead, stop);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location) return answer;
            answer.Dispose();
            if (hops == MostRedirections) throw new CameraException($"{name}: the server redirects more than {MostRedirections} times");
            address = Next(address, location, name);
        }
    }

    // Another host gets neither the password nor the trust that this one was given; nor does this one without the encryption that was asked for.
    private static Uri Next(Uri from, Uri location, SafeAddress name)
    {
        if (!Uri.TryCreate(from, location, out var to)) throw new CameraException($"{name}: the server redirects to an invalid address");
        bool isSafe = to.Scheme == from.Scheme || to.Scheme == Uri.UriSchemeHttps;
        if (isSafe && string.Equals(to.IdnHost, from.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            NetworkTrouble.RequireTls(to, $"camera '{name}'");
            return to;
        }

        throw new CameraException($"{name}: the server redirects to {to.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}, "
            + "but redirects are followed only to the same host; put that address into the configuration if it is the camera's");
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint server, CancellationToken stop, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, ct).ConfigureAwait(false);
            return new PolledNetworkStream(socket, stop);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>User and password, for that host alone and for what needs no further library: not for NTLM or Negotiate.</summary>
    private sealed class HostCredentials(string host, NetworkCredential credential) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
            => authType.ToUpperInvariant() is "DIGEST" or "BASIC" && string.Equals(uri.IdnHost, host, StringComparison.OrdinalIgnoreCase)
                ? credential : null;
    }
}
