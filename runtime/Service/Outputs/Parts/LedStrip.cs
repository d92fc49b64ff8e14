using System.Device.Spi;
using System.Drawing;
using Iot.Device.Apa102;
using Iot.Device.Ws28xx;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A strip of coloured lights on an SPI bus, by the classes of Iot.Device.Bindings. For one thread.</summary>
/// <param name="bus">With the clock of <see cref="ClockOf"/>; disposed with it.</param>
/// <param name="kind">Chip of the lights.</param>
/// <param name="count">Of lights.</param>
internal sealed class LedStrip(SpiDevice bus, LedKind kind, int count) : IDisposable
{
    /// <summary>
    /// As many as both the kernel's buffer of 4096 bytes (nine a light and the pause) and, for APA102, the end of 32 clocks bring their colours
    /// (half a clock a light).
    /// </summary>
    public const int MostWs2812 = 300, MostApa102 = 64;

    private readonly Ws2812b? _ws2812 = kind is LedKind.Ws2812 ? new Ws2812b(bus, count) : null;
    private readonly Apa102? _apa102 = kind is LedKind.Apa102 ? new Apa102(bus, count) : null;

    /// <summary>Clock of the bus in hertz. A WS2812's bit is three of SPI, 1.25 µs; an APA102 takes any clock.</summary>
    public static int ClockOf(LedKind kind) => kind is LedKind.Ws2812 ? 2_400_000 : 1_000_000;

    /// <summary>Shows a colour.</summary>
    /// <param name="color">Of the first lights.</param>
    /// <param name="lit">How many; the others are dark.</param>
    /// <exception cref="IOException">The bus is gone.</exception>
    public void Show(Color color, int lit)
    {
        for (int i = 0; i < count; i++)
        {
            var light = i < lit ? color : Color.Black;
            _ws2812?.Image.SetPixel(i, 0, light);
            if (_apa102 is not null) _apa102.Pixels[i] = light;
        }

        _ws2812?.Update();
        _apa102?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_apa102 is not null) _apa102.Dispose();
        else bus.Dispose();
    }
}
