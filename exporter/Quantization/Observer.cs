namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Sees a value's elements picture by picture and then says which range u8 should cover. Holds a fixed amount of memory, however many elements it sees.
/// </summary>
internal abstract class Observer
{
    /// <summary>Smallest element seen; +∞ before the first.</summary>
    public float Minimum { get; private set; } = float.PositiveInfinity;

    /// <summary>Largest element seen; −∞ before the first.</summary>
    public float Maximum { get; private set; } = float.NegativeInfinity;

    /// <summary>Whether only one number has been seen, or none: such a value has no scale.</summary>
    public bool IsConstant => !(Minimum < Maximum);

    /// <summary>Takes in elements, in any order.</summary>
    /// <returns>False when an element is NaN or infinite; what was seen is then of no use.</returns>
    public bool Observe(ReadOnlySpan<float> values)
    {
        float low = Minimum, high = Maximum;
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) return false;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        (Minimum, Maximum) = (low, high);
        Accumulate(values);
        return true;
    }

    /// <summary>The range to cover; within Minimum .. Maximum.</summary>
    /// <exception cref="InvalidOperationException">Nothing was seen.</exception>
    public (float Low, float High) Range() => Minimum <= Maximum ? ChooseRange() : throw new InvalidOperationException("an observer that saw nothing");

    /// <summary>Adds finite elements to what the method remembers; Minimum and Maximum already hold them.</summary>
    protected abstract void Accumulate(ReadOnlySpan<float> values);

    /// <summary>The method's choice, after at least one element.</summary>
    protected abstract (float Low, float High) ChooseRange();
}
