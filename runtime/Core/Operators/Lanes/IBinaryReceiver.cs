namespace ResNetEdge.Operators.Lanes;

/// <summary>Takes a function of two numbers as its own type, to build a kernel around it.</summary>
/// <typeparam name="TResult">What comes of it.</typeparam>
internal interface IBinaryReceiver<TResult>
{
    /// <summary>Takes the function.</summary>
    TResult Take<TFunction>(TFunction function) where TFunction : struct, IBinaryFunction;
}
