namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>An entry of a module.</summary>
internal sealed class PtxFunction(string name)
{
    public string Name => name;

    /// <summary>By name; offset and size in bytes, in their order.</summary>
    public Dictionary<string, (int Offset, int Size)> Parameters { get; } = [];

    public int ParameterBytes { get; set; }

    /// <summary>Shared variables by name; offset and size in bytes.</summary>
    public Dictionary<string, (int Offset, int Size)> Shared { get; } = [];

    public int SharedBytes { get; set; }

    /// <summary>Threads that a block may have; 0 where nothing is said.</summary>
    public int MostThreads { get; set; }

    public List<PtxStatement> Body { get; } = [];

    /// <summary>Number of the statement that follows each label.</summary>
    public Dictionary<string, int> Labels { get; } = [];
}
