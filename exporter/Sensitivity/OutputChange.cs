namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>How far a changed network's output is from the original's, over the same pictures.</summary>
/// <param name="SqnrDb">Signal over noise in decibels, all elements of all pictures together; at most <see cref="MostDb"/>.</param>
/// <param name="Cosine">Of the angle between the two outputs, the mean over pictures.</param>
/// <param name="KlNats">Kullback-Leibler divergence of the class probabilities from the original's,
/// the mean over pictures; null when the output is not class scores.</param>
/// <param name="Agreement">Share of pictures, 0 to 1, on which both name the same class; null when the output is not class scores.</param>
internal sealed record OutputChange(double SqnrDb, double Cosine, double? KlNats, double? Agreement)
{
    /// <summary>Stands for no difference at all, which has no decibels.</summary>
    public const double MostDb = 200;
}
