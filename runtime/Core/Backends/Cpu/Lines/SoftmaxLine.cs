using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>Softmax of one line of floats, in walks over it: largest, exponentials, quotients.</summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
/// <typeparam name="TSums">How it sums; all give the same bits.</typeparam>
internal static unsafe class SoftmaxLine<TLanes, TSums> where TLanes : struct, IFloatLanes<TLanes> where TSums : struct, ILineSums
{
    /// <summary>y = e^(x - largest) over the sum of it; y may be x.</summary>
    public static void Run(float* x, float* y, int count) => Run(x, y, count, Largest(x, count));

    /// <summary>The same of x · scale + mask, which x is overwritten with.</summary>
    /// <param name="x">The line, the result too.</param>
    /// <param name="count">Its length.</param>
    /// <param name="scale">A factor of all elements.</param>
    /// <param name="mask">What is added to each; null for nothing.</param>
    public static void RunScaled(float* x, int count, float scale, float* mask)
    {
        TLanes factor = TLanes.Of(scale), lanes = TLanes.Of(double.NegativeInfinity);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TLanes next = TLanes.Load(x + i) * factor;
            if (mask != null) next += TLanes.Load(mask + i);
            next.Store(x + i);
            lanes = TLanes.IfLess(lanes, next, next, lanes);
        }

        float largest = LargestOf(lanes);
        for (; i < count; i++)
        {
            x[i] = mask == null ? x[i] * scale : x[i] * scale + mask[i];
            largest = largest < x[i] ? x[i] : largest;
        }

        Run(x, x, count, largest);
    }

    private static void Run(float* x, float* y, int count, float largest)
    {
        var function = new ShiftedExponential(largest);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            function.Apply(TLanes.Load(x + i)).Store(y + i);
        for (; i < count; i++)
            function.Apply(Float32x1.Load(x + i)).Store(y + i);
        double factor = 1 / TSums.Sum(y, count);
        TLanes lanes = TLanes.Of(factor);
        for (i = 0; i <= count - TLanes.Count; i += TLanes.Count)
            (TLanes.Load(y + i) * lanes).Store(y + i);
        for (; i < count; i++)
            y[i] *= (float)factor;
    }

    // A NaN is not larger than anything; its exponential carries it into the sum.
    private static float Largest(float* x, int count)
    {
        TLanes lanes = TLanes.Of(double.NegativeInfinity);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TLanes next = TLanes.Load(x + i);
            lanes = TLanes.IfLess(lanes, next, next, lanes);
        }

        float largest = LargestOf(lanes);
        for (; i < count; i++)
            largest = largest < x[i] ? x[i] : largest;
        return largest;
    }

    private static float LargestOf(TLanes lanes)
    {
        float* each = stackalloc float[TLanes.Count];
        lanes.Store(each);
        float largest = each[0];
        for (int lane = 1; lane < TLanes.Count; lane++)
            largest = largest < each[lane] ? each[lane] : largest;
        return largest;
    }
}
