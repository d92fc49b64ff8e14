using System.Drawing;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>
/// Shows the colour of the rule that turned on last; without one, that of the label, and without that the idle colour. The lights keep what they were
/// sent, so it is repeated now and then for those that lost their supply.
/// </summary>
/// <param name="strip">Disposed with it.</param>
/// <param name="settings">Colours and length.</param>
/// <param name="time">Of the repetition.</param>
internal sealed class LedsPart(LedStrip strip, LedsSettings settings, TimeProvider time) : IPart
{
    private static readonly TimeSpan SendEvery = TimeSpan.FromSeconds(5);
    private (Color Color, int Lit)? _shown;
    private TimeSpan _sentAt;

    /// <inheritdoc/>
    public TimeSpan? Show(in PartView view)
    {
        int lit = settings.IsBar ? (int)Math.Round(view.Score * settings.Count) : settings.Count;
        var next = (Color: settings.ColorOf(view), lit);
        var now = time.Now();
        if (next == _shown && now - _sentAt < SendEvery) return _sentAt + SendEvery - now;
        _shown = null; // until it is sent
        Named(next.Color, next.lit);
        (_shown, _sentAt) = (next, now);
        return SendEvery;
    }

    /// <inheritdoc/>
    public void Leave() => Named(Color.Black, 0);

    /// <inheritdoc/>
    public void Dispose() => strip.Dispose();

    private void Named(Color color, int lit)
    {
        try
        {
            strip.Show(color, lit);
        }
        catch (IOException e)
        {
            throw new IOException($"the lights on SPI bus {settings.Bus}, chip select {settings.ChipSelect}, cannot be written: {e.Message}", e);
        }
    }
}
