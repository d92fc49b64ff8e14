using System.Net;
using System.Net.Sockets;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>
/// What a display shows: what the network sees, large; how sure it is, as a bar and a number; the rules that are on; and the machine's address, by
/// which the live page is found. Everything is sent again now and then, so that a display that was unplugged is found out, and one that lost its
/// supply is set up again.
/// </summary>
/// <param name="display">Disposed with it.</param>
/// <param name="height">Of the display, in dots.</param>
/// <param name="where">The display, for messages.</param>
/// <param name="address">What its last row says; null: the machine's address, asked each time.</param>
/// <param name="time">Of the repetition.</param>
internal sealed class DisplayPart(OledDisplay display, int height, string where, string? address, TimeProvider time) : IPart
{
    private const int BarLength = 90, BarRows = 7;
    private static readonly TimeSpan SendAllEvery = TimeSpan.FromSeconds(5);
    private readonly Canvas _canvas = new(OledDisplay.Width, height);
    private TimeSpan _allAt = TimeSpan.MinValue;

    /// <inheritdoc/>
    public TimeSpan? Show(in PartView view)
    {
        _canvas.Clear();
        string state = view.IsOn ? string.Join(' ', view.RulesOn) : view.Label is null ? "no frames" : "watching";
        const int Row = Canvas.PageRows;
        bool isHigh = height > 32;
        _canvas.Write(view.Label ?? "-", 0, isHigh ? 2 * Row : 0, 2);
        WriteScore(view.Score, isHigh ? 5 * Row : 2 * Row);
        _canvas.Write(state, 0, isHigh ? 0 : 3 * Row, 1);
        if (isHigh) _canvas.Write(address ?? LocalAddress(), 0, 7 * Row, 1);
        var now = time.Now();
        bool isAll = now >= _allAt;
        Named(() => display.Show(_canvas, isAll));
        if (isAll) _allAt = now + SendAllEvery;
        return _allAt - now;
    }

    /// <inheritdoc/>
    public void Leave() => Named(display.TurnOff);

    /// <inheritdoc/>
    public void Dispose() => display.Dispose();

    /// <summary>The address by which other machines reach this one; nothing is sent for it.</summary>
    internal static string LocalAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(new IPEndPoint(new IPAddress([192, 0, 2, 1]), 9)); // any address that is not of this network (RFC 5737)
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return "no network";
        }
    }

    private void WriteScore(double score, int y)
    {
        _canvas.Bar(0, y, BarLength, BarRows, score);
        string percent = $"{Math.Round(100 * score):F0} %";
        _canvas.Write(percent, OledDisplay.Width - percent.Length * Canvas.Advance, y, 1);
    }

    private void Named(Action use)
    {
        try
        {
            use();
        }
        catch (IOException e)
        {
            throw new IOException($"{where} cannot be written: {e.Message}", e);
        }
    }
}
