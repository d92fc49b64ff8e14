using System.Device.Spi;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Parts;

/// <summary>An SPI bus that keeps the last message.</summary>
internal sealed class FakeSpi(SpiConnectionSettings settings) : SpiDevice
{
    private volatile byte[] _last = [];

    public override SpiConnectionSettings ConnectionSettings => settings;

    public byte[] Last => _last;

    public int Messages { get; private set; }

    public bool IsGone { get; set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsGone) throw new IOException("Error 19 performing SPI data transfer.");
        Messages++;
        _last = buffer.ToArray();
    }

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();
}
