namespace ResNetEdge.Operators.Lanes;

/// <summary>A function of two floats: data that a step holds; see <see cref="ElementFunction"/>.</summary>
internal abstract record BinaryFunction
{
    /// <summary>The function of two numbers: its definition, to which every kernel is equal bit for bit.</summary>
    public abstract float Of(float a, float b);

    /// <summary>Calls <paramref name="receiver"/> with the function's own type.</summary>
    public abstract TResult GiveTo<TResult>(IBinaryReceiver<TResult> receiver);
}

/// <summary>The function of a struct.</summary>
/// <param name="Function">The struct.</param>
internal sealed record BinaryFunction<TFunction>(TFunction Function) : BinaryFunction
    where TFunction : struct, IBinaryFunction
{
    public override float Of(float a, float b) => Function.Apply(new Float32x1(a), new Float32x1(b)).Value;

    public override TResult GiveTo<TResult>(IBinaryReceiver<TResult> receiver) => receiver.Take(Function);
}
