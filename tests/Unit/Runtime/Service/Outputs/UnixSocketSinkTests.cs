using System.Net.Sockets;
using System.Text.Json;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

public sealed class UnixSocketSinkTests : IDisposable
{
    private readonly SinkBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private string SocketPath => Path.Combine(_bench.Folder, "s");

    [Fact]
    public void Every_client_gets_whole_lines_from_when_it_connected()
    {
        using var sink = Settings().Open(_bench.Context);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, new FileInfo(SocketPath).UnixFileMode);
        using StreamReader one = Connect(), two = Connect();
        SendUntilSeen(sink, one, two);
        one.Dispose();
        SinkBench.Until(() => { sink.Accept(SinkBench.Event(2)); return two.ReadLine()!.Contains("\"frame\":2", StringComparison.Ordinal); },
            "the other to go on");
        sink.Dispose();
        Assert.False(File.Exists(SocketPath));
        // Lines that it did not read in time may end in the middle of one, and nowhere else.
        for (string? line = two.ReadLine(), next; line is not null && (next = two.ReadLine()) is not null; line = next)
            Assert.Equal("rule", JsonDocument.Parse(line).RootElement.GetProperty("event").GetString());
    }

    [Fact]
    public void A_client_that_reads_nothing_loses_lines_and_then_its_place_and_the_others_lose_nothing()
    {
        var time = new FakeTime();
        using var bench = new SinkBench(time);
        using var sink = Settings().Open(bench.Context);
        using StreamReader slow = Connect(), good = Connect();
        SinkBench.Until(() => { Step(); sink.Accept(SinkBench.Event(0)); return sink.Status.Delivered > 0; }, "a client");
        for (int i = 0; i < 20_000; i++)
        {
            sink.Accept(SinkBench.Event(i));
            good.ReadLine();
        }

        SinkBench.Until(() => { Step(); return sink.Status.Failures > 0; }, "the slow one to be turned away");
        Assert.True(sink.Status.Dropped > 0);
        Assert.Contains("a client read nothing for 10 s and was disconnected output=out", bench.Logged);
        SinkBench.Until(() => { sink.Accept(SinkBench.Event(-1)); return good.ReadLine()!.Contains("\"frame\":-1", StringComparison.Ordinal); },
            "the good one to go on");
        int lines = 0;
        for (string? line = slow.ReadLine(); line is not null && line.EndsWith('}'); line = slow.ReadLine(), lines++)
            Assert.Equal("rule", JsonDocument.Parse(line).RootElement.GetProperty("event").GetString());
        Assert.InRange(lines, 100, 19_999);

        void Step() => time.Advance(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void One_too_many_is_turned_away()
    {
        using var sink = (Settings() with { MaxClients = 1 }).Open(_bench.Context);
        using var one = Connect();
        SendUntilSeen(sink, one);
        using var two = Connect();
        Assert.Null(two.ReadLine());
        SinkBench.Until(() => sink.Status.Failures == 1, "the refusal to be counted");
    }

    [Fact]
    public void A_socket_left_behind_is_replaced_and_everything_else_is_not()
    {
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(SocketPath + "x"));
            File.Move(SocketPath + "x", SocketPath); // .NET removes the name it bound to
        }

        Assert.True(File.Exists(SocketPath));
        using (var sink = Settings().Open(_bench.Context))
        {
            var busy = Assert.Throws<EdgeException>(() => Settings().Open(_bench.Context));
            Assert.Equal((FailureKind.Unavailable, $"'{SocketPath}': another program is listening there"), (busy.Kind, busy.Message));
            using var client = Connect();
            SendUntilSeen(sink, client);
        }

        File.WriteAllText(SocketPath, "precious");
        var e = Assert.Throws<EdgeException>(() => Settings().Open(_bench.Context));
        Assert.Equal((FailureKind.BadInput, $"'{SocketPath}' the file is not a socket and was left alone; remove it or choose another path"),
            (e.Kind, e.Message));
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void A_flood_with_nobody_listening_costs_nothing()
    {
        using var sink = Settings().Open(_bench.Context);
        SinkBench.Flood(sink, 100_000);
        SinkBench.Until(() => sink.Status.Queued == 0, "an empty queue");
    }

    private static void SendUntilSeen(ISink sink, params StreamReader[] clients)
    {
        foreach (var client in clients)
        {
            var line = client.ReadLineAsync();
            SinkBench.Until(() => { sink.Accept(SinkBench.Event(1)); return line.IsCompleted; }, "a line");
            Assert.Equal("door", JsonDocument.Parse(line.Result!).RootElement.GetProperty("rule").GetString());
        }
    }

    private UnixSocketSettings Settings() => new("out", SocketPath, (UnixFileMode)0b110110000, 4, SinkBench.Both);

    private StreamReader Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return new StreamReader(new NetworkStream(socket, ownsSocket: true));
    }
}
