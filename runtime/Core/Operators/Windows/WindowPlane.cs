namespace ResNetEdge.Operators.Windows;

/// <summary>A window over one channel: what each of its taps reads at each place, all counted row-major.</summary>
/// <param name="axes">The window along each spatial axis.</param>
/// <param name="sizes">Size of the input along each.</param>
internal readonly ref struct WindowPlane(ReadOnlySpan<WindowAxis> axes, ReadOnlySpan<int> sizes)
{
    private readonly ReadOnlySpan<WindowAxis> _axes = axes;
    private readonly ReadOnlySpan<int> _sizes = sizes;

    /// <summary>Taps of the window.</summary>
    public int Taps
    {
        get
        {
            int count = 1;
            foreach (var axis in _axes) count *= axis.Kernel;
            return count;
        }
    }

    /// <summary>Elements of the input.</summary>
    public int Inputs
    {
        get
        {
            int count = 1;
            foreach (int size in _sizes) count *= size;
            return count;
        }
    }

    /// <summary>Places of the window.</summary>
    public int Outputs
    {
        get
        {
            int count = 1;
            foreach (var axis in _axes) count *= axis.Output;
            return count;
        }
    }

    /// <summary>The input element that a tap reads at a place; -1 in the padding.</summary>
    public int InputOf(int output, int tap)
    {
        int input = 0, step = 1;
        for (int d = _axes.Length - 1; d >= 0; d--)
        {
            int at = Position(_axes[d], ref output, ref tap);
            if ((uint)at >= (uint)_sizes[d]) return -1;
            input += at * step;
            step *= _sizes[d];
        }

        return input;
    }

    /// <summary>Whether a tap lies on the input or its padding, not behind both, where only ceil_mode leads.</summary>
    public bool IsOnPadded(int output, int tap)
    {
        for (int d = _axes.Length - 1; d >= 0; d--)
            if (Position(_axes[d], ref output, ref tap) >= _sizes[d] + _axes[d].After) return false;
        return true;
    }

    private static int Position(in WindowAxis axis, ref int output, ref int tap)
    {
        (output, int place) = Math.DivRem(output, axis.Output);
        (tap, int step) = Math.DivRem(tap, axis.Kernel);
        return place * axis.Stride - axis.Before + step * axis.Dilation;
    }
}
