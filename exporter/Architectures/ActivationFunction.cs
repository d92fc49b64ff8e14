namespace ResNetEdge.Exporter.Architectures;

/// <summary>A nonlinearity that a residual network may have where the usual one has Relu; no checkpoint says which.</summary>
/// <param name="Name">As <c>--activation</c> takes it.</param>
/// <param name="Of">The function of one value.</param>
/// <param name="Build">Adds nodes that compute it to a graph: builder, name of the value to make, value to start from.</param>
internal sealed record ActivationFunction(string Name, Func<double, double> Of, Action<GraphBuilder, string, string> Build)
{
    private const double Reach = 6, Step = 0.05; // of the standard normal distribution: the mass beyond is 2e-9, the sum's error below 1e-5

    /// <summary>Mean of the function of a normal variable.</summary>
    /// <param name="mean">Of the variable.</param>
    /// <param name="deviation">Of the variable; 0 for a constant.</param>
    public double Mean(double mean, double deviation)
    {
        if (deviation <= 0) return Of(mean);
        double sum = 0, mass = 0;
        for (double z = -Reach; z <= Reach; z += Step)
        {
            double density = Math.Exp(-z * z / 2);
            sum += density * Of(mean + deviation * z);
            mass += density;
        }

        return sum / mass;
    }
}
