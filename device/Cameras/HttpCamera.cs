using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Device.Cameras;

/// <summary>Motion-JPEG over HTTP, as IP cameras and ffmpeg serve it (multipart/x-mixed-replace). An end or a failure is the caller's to open again.</summary>
internal static class HttpCamera
{
    private const int MostRedirections = 3;
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);
    private static readonly string[] Kinds = ["multipart/x-mixed-replace", "multipart/mixed", "video/x-motion-jpeg", "video/mjpeg", "image/jpeg", "application/octet-stream"];

    /// <summary>Whether a name is an address: <c>http://</c> or <c>https://</c>.</summary>
    public static bool Knows(string device)
        => device.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || device.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Begins to ask for the stream; what the server answers shows at the first wait.</summary>
    /// <exception cref="EdgeException">Exit 3: no address. Exit 5: it is https and OpenSSL is not installed.</exception>
    public static StreamCamera Open(CameraRequest request)
    {
        var address = AddressOf(request);
        string name = request.Device.ToString();
        return new StreamCamera(request with { Device = name, Loop = true }, stop => Ask(address, request.Device, stop), new MjpegParser(name), isLive: true, TimeProvider.System);
    }

    /// <summary>Looks whether the address can be right; nobody is asked.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(CameraRequest request) => _ = AddressOf(request);

    private static Uri AddressOf(CameraRequest request)
    {
        if (request.Device.Uri is not { } address) throw EdgeException.BadInput($"'{request.Device}' is no address of a camera, such as http://camera/stream");
        if (address.Port < 1) throw EdgeException.BadInput($"'{request.Device}' has port {address.Port}, which no server has; leave it out or give one from 1 to 65535");
        NetworkTrouble.RequireTls(address, $"camera '{request.Device}'");
        return address;
    }

    private static HttpStream Ask(Uri address, SafeAddress name, CancellationToken stop)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTime,
            MaxAutomaticRedirections = MostRedirections,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, stop, ct),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        var answerTime = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            answerTime.CancelAfter(AnswerTime);
            using var message = new HttpRequestMessage(HttpMethod.Get, address);
            if (address.UserInfo.Length > 0)
                message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
            var answer = client.Send(message, HttpCompletionOption.ResponseHeadersRead, answerTime.Token);
            string? kind = answer.Content.Headers.ContentType?.MediaType;
            if (!answer.IsSuccessStatusCode) throw new CameraException($"{name}: the server answers {(int)answer.StatusCode} {name.HideIn(answer.ReasonPhrase ?? "")}");
            if (kind != null && !Kinds.Contains(kind, StringComparer.OrdinalIgnoreCase)) throw new CameraException($"{name}: the server answers with {kind}, not with a Motion-JPEG stream");
            return new HttpStream(client, answer);
        }
        catch (Exception e)
        {
            client.Dispose();
            if (e is OperationCanceledException && !stop.IsCancellationRequested) throw new CameraException($"{name}: the server did not answer within {AnswerTime.TotalSeconds:0} s", e);
            if (e is HttpRequestException) throw new CameraException($"{name}: cannot be reached ({name.HideIn(NetworkTrouble.Reason(e))})", e);
            throw;
        }
        finally
        {
            answerTime.Dispose();
        }
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
}
