using System.Net;
using System.Net.Sockets;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels.Frames;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>
/// An HTTP camera that sends each picture when the result of the one before has come: bright ones and dark ones in turns. It fails now and
/// then, in two ways that take turns: the connection ends between two pictures, or breaks in the middle of one.
/// </summary>
/// <param name="pictures">To send in all; then it stays silent.</param>
/// <param name="failsEvery">Pictures from failure to failure.</param>
/// <param name="before">Called before each picture, with its number from 0; waits until the service has room for it, or throws.</param>
internal sealed class LockstepCamera(long pictures, long failsEvery, Action<long> before) : IDisposable
{
    /// <summary>Pictures of one brightness, one after the other.</summary>
    public const int Turn = 10;

    private const int Width = 640, Height = 480;
    private const byte White = 235, Black = 16;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[][] _jpegs = [Jpeg(White), Jpeg(Black)];

    /// <summary>Where it is served.</summary>
    public string Address => $"http://{_listener.LocalEndpoint}/stream";

    /// <summary>Connections that were ended between two pictures.</summary>
    public long Ended { get; private set; }

    /// <summary>Connections that were broken within a picture.</summary>
    public long Broken { get; private set; }

    /// <summary>Starts listening, so that there is an address.</summary>
    public void Listen() => _listener.Start();

    /// <summary>Sends all pictures.</summary>
    /// <returns>The last connection, still open, so that its end is not a failure.</returns>
    public TcpClient Serve()
    {
        long next = 0, failedAt = 0;
        while (true)
        {
            var client = _listener.AcceptTcpClient();
            client.NoDelay = true;
            var stream = client.GetStream();
            ReadRequest(stream);
            stream.Write("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"u8);
            for (; next < pictures; next++)
            {
                if (next != failedAt && next % failsEvery == 0)
                {
                    failedAt = next;
                    break;
                }

                before(next);
                stream.Write(_jpegs[next / Turn % 2]);
            }

            if (next == pictures) return client;
            Fail(stream);
            client.Dispose();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Fail(NetworkStream stream)
    {
        if (Ended == Broken)
        {
            Ended++;
            return;
        }

        stream.Write(_jpegs[0].AsSpan(0, _jpegs[0].Length / 2));
        Broken++;
    }

    private static void ReadRequest(NetworkStream stream)
    {
        for (int matched = 0; matched < 4;)
        {
            int read = stream.ReadByte();
            if (read < 0) throw new IOException("the service closed the connection before it asked");
            matched = read == "\r\n\r\n"u8[matched] ? matched + 1 : read == '\r' ? 1 : 0;
        }
    }

    private static unsafe byte[] Jpeg(byte brightness)
    {
        byte[] gray = new byte[Width * Height];
        gray.AsSpan().Fill(brightness);
        using var snapshot = new FrameSnapshot();
        fixed (byte* data = gray)
            snapshot.Take(new Frame
            {
                Data = data,
                Length = gray.Length,
                Format = FourCc.Grey,
                Width = Width,
                Height = Height,
                Stride = Width,
                Sequence = 0,
                Time = default,
                Name = "flat",
            });
        return snapshot.ToJpeg(Width, out string? whyNot) ?? throw new EdgeException(FailureKind.Unavailable, whyNot!);
    }
}
