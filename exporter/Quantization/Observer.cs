namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Sees a value's elements picture by picture and then says which range u8 should cover. Holds a
/// fixed amount of memory, however many elements it sees.
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
    /// <param name="values">The elements.</param>
    /// <param name="isSampled">False: they only widen Minimum and Maximum, and the method does not
    /// remember them. For values of which there are far more than it needs.</param>
    /// <returns>False when an element is NaN or infinite; what was seen is then of no use.</returns>
    public bool Observe(ReadOnlySpan<float> values, bool isSampled = true)
    {
        if (values.IsEmpty) return true;
        var (low, high, isFinite) = Extremes.Of(values);
        if (!isFinite) return false;
        (Minimum, Maximum) = (Math.Min(Minimum, low), Math.Max(Maximum, high));
        Widened(low, high);
        if (isSampled) Accumulate(values);
        return true;
    }

    /// <summary>What was seen since the last call was one picture, for methods that tell pictures apart.</summary>
    public virtual void EndPicture()
    {
    }

    /// <summary>The range to cover; within Minimum .. Maximum.</summary>
    /// <exception cref="InvalidOperationException">Nothing was seen.</exception>
    public (float Low, float High) Range() =>
        Minimum <= Maximum ? ChooseRange() : throw new InvalidOperationException("an observer that saw nothing");

    /// <summary>Told the extremes of all elements, remembered or not.</summary>
    protected virtual void Widened(float low, float high)
    {
    }

    /// <summary>Adds finite elements to what the method remembers; Minimum and Maximum already hold them.</summary>
    protected abstract void Accumulate(ReadOnlySpan<float> values);

    /// <summary>The method's choice, after at least one element.</summary>
    protected abstract (float Low, float High) ChooseRange();
}
