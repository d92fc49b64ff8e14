namespace ResNetEdge.Exporter.Architectures;

/// <summary>A family's declaration met a parameter that does not fit. Never leaves this folder: <see cref="ArchitectureRecovery"/> tries the next family.</summary>
/// <param name="parameter">The parameter's name.</param>
/// <param name="reason">What is wrong with it, a clause that follows the name.</param>
internal sealed class MismatchException(string parameter, string reason) : Exception($"'{parameter}' {reason}")
{
    /// <summary>The parameter's name.</summary>
    public string Parameter => parameter;

    /// <summary>What is wrong with it.</summary>
    public string Reason => reason;
}
