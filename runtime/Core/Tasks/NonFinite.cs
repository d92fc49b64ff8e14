namespace ResNetEdge.Tasks;

/// <summary>How a number is written that JSON does not have.</summary>
internal enum NonFinite
{
    /// <summary>As <c>null</c>: what outputs send.</summary>
    Null,

    /// <summary>As the string <c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>: what <c>run --json</c> prints.</summary>
    Named,
}
