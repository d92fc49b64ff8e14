namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>When a branch is taken; the values are those of the instructions.</summary>
internal enum Condition
{
    Equal = 0,
    NotEqual = 1,

    AtLeastUnsigned = 2,
    BelowUnsigned = 3,
    AtLeast = 10,
    Below = 11,
    Above = 12,
    AtMost = 13,
}
