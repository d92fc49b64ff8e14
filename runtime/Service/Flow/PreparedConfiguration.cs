using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Model;

namespace ResNetEdge.Service.Flow;

/// <summary>A configuration that was checked as far as can be before anything is taken over.</summary>
/// <param name="Configuration">The new configuration, checked already.</param>
/// <param name="Model">Loaded on trial; null when the model's settings are the same.</param>
/// <param name="Stamp">Of the model's package before it was read.</param>
internal sealed record PreparedConfiguration(ServiceConfiguration Configuration, ReadyModel? Model, PackageStamp Stamp) : IDisposable
{
    /// <summary>Closes what is not going to be taken over.</summary>
    public void Dispose() => Model?.Dispose();
}
