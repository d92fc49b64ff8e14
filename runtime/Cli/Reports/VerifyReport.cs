namespace ResNetEdge.Cli.Reports;

/// <summary>How a package's golden vectors came out.</summary>
/// <param name="Vectors">Inputs run.</param>
/// <param name="Passed">Those whose outputs all lie within the package's tolerance.</param>
/// <param name="MaxAbsDifference">Largest over all outputs.</param>
/// <param name="Engine">That ran them.</param>
internal sealed record VerifyReport(int Vectors, int Passed, double MaxAbsDifference, string Engine);
