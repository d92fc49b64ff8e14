namespace ResNetEdge.Operators.Lanes;

/// <summary>
/// A function of one float with its parameters: data that a step holds. Equal functions are equal. A backend that has kernels for any function asks
/// for its type by <see cref="GiveTo{TResult}"/>; one that has not can tabulate it by <see cref="Of"/>.
/// </summary>
internal abstract record ElementFunction
{
    /// <summary>The function of one number: its definition, to which every kernel is equal bit for bit.</summary>
    public abstract float Of(float x);

    /// <summary>Calls <paramref name="receiver"/> with the function's own type.</summary>
    public abstract TResult GiveTo<TResult>(IFunctionReceiver<TResult> receiver);
}

/// <summary>The function of a struct.</summary>
/// <param name="Function">With its parameters.</param>
internal sealed record ElementFunction<TFunction>(TFunction Function) : ElementFunction
    where TFunction : struct, IFloatFunction
{
    public override float Of(float x) => Function.Apply(new Float32x1(x)).Value;

    public override TResult GiveTo<TResult>(IFunctionReceiver<TResult> receiver) => receiver.Take(Function);
}
