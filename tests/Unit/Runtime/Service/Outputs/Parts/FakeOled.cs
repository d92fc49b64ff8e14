using System.Device.I2c;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Parts;

/// <summary>The memory of an SSD1306 or SH1106, written by the bytes that come over its bus, as their data sheets describe them.</summary>
/// <param name="columns">128 of an SSD1306, 132 of an SH1106.</param>
internal sealed class FakeOled(int columns) : I2cDevice
{
    private const int Pages = 8;
    private readonly Lock _turn = new();
    private readonly byte[,] _memory = new byte[Pages, columns];
    private int _page, _column;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x3C);

    public bool IsOn { get; private set; }

    public bool IsUnplugged { get; set; }

    /// <summary>Rows that are driven, by command A8.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns and rows run as on a panel that hangs upright.</summary>
    public (bool Columns, bool Rows) IsUpright { get; private set; }

    /// <summary>Whether the supply of its own runs: 8D 14 of an SSD1306, AD 8B of an SH1106.</summary>
    public bool HasSupply { get; private set; }

    /// <summary>Messages with data.</summary>
    public int PagesWritten { get; private set; }

    /// <summary>What the panel shows, a line a row; an SH1106's panel begins at its third column.</summary>
    public IReadOnlyList<string> Panel
    {
        get
        {
            lock (_turn)
            {
                int first = (columns - 128) / 2;
                return [.. Enumerable.Range(0, Rows).Select(row => string.Concat(Enumerable.Range(0, 128).Select(x =>
                    (_memory[row / 8, first + x] >> row % 8 & 1) == 1 ? '#' : '.')))];
            }
        }
    }

    /// <summary>It loses its supply: memory and settings are gone.</summary>
    public void Forget()
    {
        lock (_turn)
        {
            Array.Clear(_memory);
            (IsOn, HasSupply, Rows) = (false, false, 0);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_turn)
        {
            if (IsUnplugged) throw new IOException("Error 121 performing I2C data transfer.");
            if (buffer[0] == 0x40) Data(buffer[1..]);
            else if (buffer[0] == 0x00) Commands(buffer[1..]);
            else throw new InvalidOperationException($"control byte {buffer[0]:x2}");
        }
    }

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();

    private void Data(ReadOnlySpan<byte> bytes)
    {
        PagesWritten++;
        foreach (byte eight in bytes) _memory[_page, _column++ % columns] = eight;
    }

    private void Commands(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            byte command = bytes[i];
            switch (command)
            {
                case <= 0x0F:
                    _column = (_column & 0xF0) | command;
                    break;
                case <= 0x1F:
                    _column = (_column & 0x0F) | ((command & 0xF) << 4);
                    break;
                case 0x20:
                    Assert.Equal(0x02, bytes[++i]); // page by page
                    break;
                case >= 0x40 and <= 0x7F:
                    Assert.Equal(0x40, command); // the first row first
                    break;
                case 0x8D or 0xAD:
                    HasSupply = bytes[++i] == (columns == 128 ? 0x14 : 0x8B) && command == (columns == 128 ? 0x8D : 0xAD);
                    break;
                case 0xA0 or 0xA1:
                    IsUpright = (command == 0xA1, IsUpright.Rows);
                    break;
                case 0xC0 or 0xC8:
                    IsUpright = (IsUpright.Columns, command == 0xC8);
                    break;
                case 0xA4 or 0xA6:
                    break;
                case 0xA8:
                    Rows = bytes[++i] + 1;
                    break;
                case 0xAE or 0xAF:
                    IsOn = command == 0xAF;
                    break;
                case >= 0xB0 and <= 0xB7:
                    _page = command & 7;
                    break;
                case 0x81 or 0xD3 or 0xD5 or 0xD9 or 0xDA or 0xDB:
                    i++;
                    break;
                default:
                    throw new InvalidOperationException($"command {command:x2}");
            }
        }
    }
}
