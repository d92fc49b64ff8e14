namespace ResNetEdge.Device.Pins;

/// <summary>
/// Which line: by its own name, or by its chip's label and its place there. Never by the chip's number, which changes from start to start.
/// </summary>
/// <param name="Line">Its name, as the board's device tree gives it; null: by place.</param>
/// <param name="Chip">Label of the chip, needed when several chips have a line of that name or the line has none; null: any.</param>
/// <param name="Offset">Its place on the chip; null: by name.</param>
internal sealed record GpioAddress(string? Line, string? Chip, int? Offset)
{
    /// <inheritdoc/>
    public override string ToString() => Line is { } line ? Chip is null ? $"'{line}'" : $"'{line}' of '{Chip}'" : $"{Offset} of '{Chip}'";
}
