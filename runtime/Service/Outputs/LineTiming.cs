namespace ResNetEdge.Service.Outputs;

/// <summary>
/// What a line is to be at a moment, given what was wanted when: holds, pulses and the least time between two changes. Knows nothing of
/// clocks or lines.
/// </summary>
/// <param name="hold">Once active, at least so long.</param>
/// <param name="debounce">Between two changes at least so long.</param>
/// <param name="pulse">
/// Active for this long and then inactive again, however long it is wanted; it starts again when it is wanted again meanwhile.
/// Null: active as long as it is wanted.
/// </param>
internal sealed class LineTiming(TimeSpan hold, TimeSpan debounce, TimeSpan? pulse)
{
    private bool _isWanted;
    private bool _isOwed; // wanted since it was last active: even the shortest wish makes it active once
    private TimeSpan? _changed;
    private TimeSpan _pulseBegan;
    private TimeSpan _wanted = TimeSpan.MinValue;

    /// <summary>Whether the line is to be active, as of the last <see cref="At"/>.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The last change came at once when it was wanted and waited for no hold, pulse or debounce.</summary>
    public bool IsDirect { get; private set; }

    /// <summary>It is wanted, or not any more.</summary>
    public void Want(bool isWanted, TimeSpan now)
    {
        if (isWanted && !_isWanted)
        {
            _isOwed = !IsActive;
            _pulseBegan = now;
        }

        (_isWanted, _wanted) = (isWanted, now);
    }

    /// <summary>Brings <see cref="IsActive"/> up to a moment.</summary>
    /// <returns>When to ask again unless something else is wanted before; null: not at all.</returns>
    public TimeSpan? At(TimeSpan now)
    {
        if (Due() is not { } due) return null;
        if (now < due) return due;
        (IsActive, IsDirect, _changed) = (!IsActive, due <= _wanted, now);
        if (IsActive) (_isOwed, _pulseBegan) = (false, now);
        return Due();
    }

    /// <summary>When the next change is due; null when there is none to come.</summary>
    private TimeSpan? Due()
    {
        var earliest = _changed + debounce ?? TimeSpan.MinValue;
        if (!IsActive) return _isOwed || (_isWanted && pulse is null) ? earliest : null;
        if (pulse is { } length) return Later(earliest, _pulseBegan + length);
        return _isWanted ? null : Later(earliest, _changed!.Value + hold);
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
