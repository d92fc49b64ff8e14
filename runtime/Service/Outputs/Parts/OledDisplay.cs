using System.Device.I2c;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A display with an SSD1306 or SH1106 over I2C, 128 dots wide. Pages are written one by one, which both chips can. For one
/// thread.</summary>
/// <remarks>Sources: Solomon Systech, SSD1306 rev 1.1, sections 8.1.5, 9, 10 and its application note; Sino Wealth, SH1106 V2.3. The SH1106 has 132
/// columns, of which the panel shows those from the third on.</remarks>
internal sealed class OledDisplay : IDisposable
{
    /// <summary>In dots.</summary>
    public const int Width = 128;

    private const byte Commands = 0x00, Data = 0x40; // what follows in this message
    private const byte DisplayOff = 0xAE, DisplayOn = 0xAF, FirstPage = 0xB0, LowColumn = 0x00, HighColumn = 0x10;
    private readonly I2cDevice _bus;
    private readonly int _height, _firstColumn;
    private readonly bool _isTurned;
    private readonly OledController _controller;
    private readonly byte[] _message = new byte[1 + Width];
    private readonly byte[] _shown;
    private bool _isReady;

    /// <summary>Makes a display; nothing is sent yet.</summary>
    /// <param name="bus">Disposed with it.</param>
    /// <param name="controller">Its chip.</param>
    /// <param name="height">64 or 32 dots.</param>
    /// <param name="isTurned">It hangs upside down.</param>
    public OledDisplay(I2cDevice bus, OledController controller, int height, bool isTurned)
    {
        (_bus, _controller, _height, _isTurned, _firstColumn) = (bus, controller, height, isTurned, controller is OledController.Sh1106 ? 2 : 0);
        _shown = new byte[Width * height / Canvas.PageRows];
    }

    /// <summary>Shows a picture; only pages that changed are sent.</summary>
    /// <param name="picture">Of the display's size.</param>
    /// <param name="isAll">Everything is sent, as a display that lost its supply meanwhile has forgotten it all.</param>
    /// <exception cref="IOException">The bus is gone, or the display does not answer.</exception>
    public void Show(Canvas picture, bool isAll)
    {
        bool isFirst = !_isReady || isAll;
        _isReady = false; // until all of it is sent
        if (isFirst) Send(Settings());
        for (int page = 0; page < _height / Canvas.PageRows; page++)
        {
            var bytes = picture.Bytes.Slice(page * Width, Width);
            var shown = _shown.AsSpan(page * Width, Width);
            if (!isFirst && bytes.SequenceEqual(shown)) continue;
            Send([(byte)(FirstPage + page), (byte)(LowColumn | (_firstColumn & 0xF)), (byte)(HighColumn | (_firstColumn >> 4))]);
            _message[0] = Data;
            bytes.CopyTo(_message.AsSpan(1));
            _bus.Write(_message);
            bytes.CopyTo(shown);
        }

        if (isFirst) Send([DisplayOn]);
        _isReady = true;
    }

    /// <summary>Turns it off; the next <see cref="Show"/> turns it on.</summary>
    /// <exception cref="IOException">The bus is gone, or the display does not answer.</exception>
    public void TurnOff()
    {
        _isReady = false;
        Send([DisplayOff]);
    }

    /// <inheritdoc/>
    public void Dispose() => _bus.Dispose();

    private byte[] Settings() =>
    [
        DisplayOff,
        0xD5, 0x80, // clock: as after a reset
        0xA8, (byte)(_height - 1), // rows that are driven
        0xD3, 0x00, 0x40, // the first row is row 0
        .. _controller is OledController.Ssd1306 ? new byte[] { 0x8D, 0x14, 0x20, 0x02 } : [0xAD, 0x8B], // supply of its own; page by page
        (byte)(_isTurned ? 0xA0 : 0xA1), (byte)(_isTurned ? 0xC0 : 0xC8), // directions of columns and rows
        0xDA, (byte)(_height > 32 ? 0x12 : 0x02), // how the panel's rows are wired
        0x81, 0x8F, // contrast
        0xD9, 0xF1, 0xDB, 0x40, // charging of the dots, for its own supply
        0xA4, 0xA6, // shows its memory, a one is lit
    ];

    private void Send(ReadOnlySpan<byte> commands)
    {
        _message[0] = Commands;
        commands.CopyTo(_message.AsSpan(1));
        _bus.Write(_message.AsSpan(0, commands.Length + 1));
    }
}
