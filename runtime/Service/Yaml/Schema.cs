namespace ResNetEdge.Service.Yaml;

/// <summary>The settings that a section may hold.</summary>
/// <param name="Name">Of the section, for people.</param>
/// <param name="Help">What it is for.</param>
/// <param name="Settings">In the order of the reference.</param>
internal sealed record Schema(string Name, string Help, IReadOnlyList<Setting> Settings)
{
    /// <summary>Where the value of one setting chooses further settings: an output's type.</summary>
    public SchemaVariants? Variants { get; init; }
}

/// <summary>Further settings by the value of one.</summary>
/// <param name="By">The setting that chooses.</param>
/// <param name="Schemas">By its value.</param>
internal sealed record SchemaVariants(Setting By, IReadOnlyDictionary<string, Schema> Schemas);
