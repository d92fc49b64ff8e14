namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>Conversions of whole arrays by the processor's own instructions, for what is prepared when a model is loaded.</summary>
internal static unsafe class EmittedHalves
{
    /// <summary>Rounds to nearest, ties to even; what is too large becomes infinity.</summary>
    public static void Narrow(float* from, Half* to, long count)
    {
        var args = new HalfLineArgs { From = (byte*)from, To = (byte*)to, Count = count };
        EmittedArm64.Call(KernelsArm64.ToHalf, &args);
    }

    /// <summary>The halves as float32, exactly.</summary>
    public static void Widen(Half* from, float* to, long count)
    {
        var args = new HalfLineArgs { From = (byte*)from, To = (byte*)to, Count = count };
        EmittedArm64.Call(KernelsArm64.ToFloat, &args);
    }
}
