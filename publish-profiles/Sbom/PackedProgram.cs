namespace ResNetEdge.Sbom;

/// <summary>A program that is packed.</summary>
/// <param name="Name">As typed.</param>
/// <param name="Packages">That it was published with.</param>
/// <param name="Binary">Path of the published file.</param>
internal sealed record PackedProgram(string Name, LockedPackages Packages, string Binary)
{
    /// <summary>The one that serves the live page, with ASP.NET Core.</summary>
    public bool HasWeb => Name == "resnetedge-service";
}
